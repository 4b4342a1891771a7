#include "actors/version_copies.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace souk;
using namespace souk::actors;

namespace {

struct some_range {
  std::shared_ptr<bulk::exchange> exchange = std::make_shared<bulk::exchange>();
  core::arena_range range{8, 12};
  version_copies copies{exchange, range};
  std::vector<float> parameters = {1, 2, 3, 4};

  core::tensor_ticket read(std::uint64_t reader, core::version_t version) {
    core::tensor_ticket ticket;
    ticket.version = version;
    return copies.read(reader, ticket, parameters);
  }

  float first_of(const core::tensor_ticket& ticket) const {
    const auto found = exchange->find(ticket);
    REQUIRE(found);
    CHECK(found->runs.at(0).offset == 8);
    CHECK(found->runs.at(0).length == 4);
    return found->runs.at(0).values[0];
  }
};

} // namespace

TEST_CASE("readers keep the version that they were given", "[actors][version_copies]") {
  some_range some;
  const auto first = some.read(10, 1);
  some.parameters[0] = 7;
  const auto second = some.read(11, 2);
  CHECK(some.first_of(first) == 1);
  CHECK(some.first_of(second) == 7);
  CHECK(first.block != second.block); // or one would push the other out
  CHECK(first.block != 0);            // which is the range itself
}

TEST_CASE("readers of one version share a copy", "[actors][version_copies]") {
  some_range some;
  const auto first = some.read(10, 1);
  CHECK(core::same_bytes(some.read(11, 1), first));
  CHECK(some.copies.size() == 1);
}

TEST_CASE("memory is used again when nobody reads it", "[actors][version_copies]") {
  some_range some;
  for (core::version_t version = 1; version <= 50; ++version) {
    some.read(version, version);
    some.read(100 + version, version);
    some.copies.done(version);
    some.copies.done(100 + version);
  }
  CHECK(some.copies.size() <= 2);

  // Not as long as somebody holds it who has said that he is done.
  const auto ticket = some.read(1, 60);
  const auto held = some.exchange->find(ticket);
  some.copies.done(1);
  some.parameters[0] = 9;
  some.read(2, 61);
  CHECK(some.exchange->find(ticket) == nullptr);
  some.copies.done(2);
  some.read(3, 62);
  CHECK(held->runs.at(0).values[0] == 1);
}

TEST_CASE("a state that is installed anew has versions of its own",
          "[actors][version_copies]") {
  some_range some;
  const auto before = some.read(1, 5);
  some.copies.clear();
  CHECK(some.exchange->find(before) == nullptr);
  some.parameters[0] = 9;
  CHECK(some.first_of(some.read(1, 5)) == 9);
}
