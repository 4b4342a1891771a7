#include "actors/division_of_work.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace souk;
using namespace souk::actors;

namespace {

training_options training(consistency_kind kind, std::uint32_t workers) {
  training_options options;
  options.blocks = 4;
  options.consistency.kind = kind;
  options.consistency.workers = workers;
  return options;
}

} // namespace

TEST_CASE("every block of every worker has one trainer", "[actors][division_of_work]") {
  for (const auto kind : {consistency_kind::bsp, consistency_kind::ssp,
                          consistency_kind::asp, consistency_kind::local_sgd})
    for (const std::uint32_t workers : {1, 2, 3, 5}) {
      if (kind == consistency_kind::bsp && workers > 1)
        continue;
      const auto options = training(kind, workers);
      for (std::uint32_t trainers = 1; trainers <= most_trainers(options); ++trainers) {
        const division_of_work work{options, trainers};
        std::set<std::pair<std::uint32_t, std::uint32_t>> all;
        for (std::uint32_t i = 0; i < work.num_trainers(); ++i) {
          const auto share = work.of(i);
          CHECK(share.workers.count > 0);
          for (std::uint32_t w = 0; w < share.workers.count; ++w)
            for (std::uint32_t b = 0; b < share.num_blocks; ++b)
              CHECK(all.emplace(share.workers.first + w, share.first_block + b).second);
        }
        CHECK(all.size() == std::size_t{4} * workers);
      }
    }
}

TEST_CASE("workers have a trainer each, or several", "[actors][division_of_work]") {
  const auto ssp = training(consistency_kind::ssp, 3);
  CHECK(most_trainers(ssp) == 12);
  CHECK(division_of_work{ssp, 1}.num_trainers() == 3);
  CHECK(division_of_work{ssp, 5}.num_trainers() == 3);
  CHECK(division_of_work{ssp, 6}.num_trainers() == 6);
  CHECK(division_of_work{ssp, 6}.pushed_runs() == std::vector<std::size_t>{2, 2});
  auto compressed = ssp;
  compressed.compression.kind = models::compression_kind::bf16;
  CHECK(division_of_work{compressed, 1}.pushed_runs()
        == std::vector<std::size_t>{1, 1, 1, 1});
}

TEST_CASE("replicas stay whole", "[actors][division_of_work]") {
  const auto local = training(consistency_kind::local_sgd, 5);
  CHECK(most_trainers(local) == 5);
  const division_of_work work{local, 2};
  CHECK(work.num_trainers() == 2);
  CHECK(work.of(0).workers.count == 2);
  CHECK(work.of(1).workers.count == 3);
  CHECK(work.of(1).num_blocks == 4);
}
