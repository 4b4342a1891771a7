#include "experiments/checkpoint_writer.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <set>
#include <vector>

using namespace souk;
using namespace souk::experiments;
using souk::tests::bytes_of;
using souk::tests::scratch_folder;

namespace {

void save(checkpoint_writer& writer, std::uint64_t step) {
  writer.next().step = step;
  writer.begin();
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

} // namespace

SCENARIO("training goes on while its checkpoint is written",
         "[experiments][checkpoint_writer]") {
  std::promise<void> may_end;
  std::vector<std::uint64_t> written;
  checkpoint_writer writer{[&](const data::checkpoint& state) {
    may_end.get_future().wait();
    written.push_back(state.step);
  }};
  save(writer, 50);
  // Here training goes on; nothing is written yet, and nothing can be.
  CHECK(writer.num_written() == 0);
  may_end.set_value();
  writer.wait();
  CHECK(written == std::vector<std::uint64_t>{50});
  CHECK(writer.num_written() == 1);
}

SCENARIO("checkpoints are written one at a time, each as it was handed over",
         "[experiments][checkpoint_writer]") {
  std::vector<std::uint64_t> written;
  std::atomic<int> at_work{0};
  auto together = false;
  {
    checkpoint_writer writer{[&](const data::checkpoint& state) {
      together = together || ++at_work > 1;
      CHECK(state.parameters == core::parameter_arena(1000, float(state.step)));
      written.push_back(state.step);
      --at_work;
    }};
    for (std::uint64_t step = 1; step <= 20; ++step) {
      writer.next().parameters.assign(1000, static_cast<float>(step));
      save(writer, step);
    }
  } // its end waits for the last one
  CHECK_FALSE(together);
  CHECK(written.size() == 20);
  CHECK(written.back() == 20);
}

SCENARIO("checkpoints that cannot be written are counted, and said once per streak",
         "[experiments][checkpoint_writer]") {
  const scratch_folder folder;
  core::log::also_to_file(folder / "log.txt");
  const std::set<std::uint64_t> full{3, 4, 5, 8};
  checkpoint_writer writer{[&](const data::checkpoint& state) {
    if (full.count(state.step) > 0)
      throw core::error{"the disk is full", "checkpoints", "free some space"};
  }};
  for (std::uint64_t step = 1; step <= 8; ++step)
    save(writer, step);
  writer.wait();
  CHECK(writer.num_written() == 4);
  CHECK(writer.num_failed() == 4);
  const auto log = bytes_of(folder / "log.txt");
  CHECK(times(log, "was not written") == 2);
  CHECK(log.find("step 3 was not written: checkpoints: the disk is full; free some "
                 "space")
        != std::string::npos);
  CHECK(log.find("the last whole one is of step 2") != std::string::npos);
  CHECK(log.find("written again, from step 6 on; 3 are missing") != std::string::npos);
  CHECK(log.find("step 8 was not written") != std::string::npos);
}

SCENARIO("where there never was a checkpoint, the first failure says so",
         "[experiments][checkpoint_writer]") {
  const scratch_folder folder;
  core::log::also_to_file(folder / "log.txt");
  checkpoint_writer writer{[](const data::checkpoint&) {
    throw core::error{"it broke", "", ""};
  }};
  save(writer, 1);
  writer.wait();
  CHECK(bytes_of(folder / "log.txt").find("there is none yet") != std::string::npos);
}
