#include "actors/slow_trainers.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::actors;

namespace {

/// Trainers whose computing is drawn: a lease of a tenth of a second each.
class drawn_leases {
public:
  drawn_leases(std::uint64_t seed, std::vector<std::uint32_t> blocks)
    : seed_{seed}, blocks_{std::move(blocks)}, watch{blocks_} {
    // nop
  }

  /// Lets leases pass; `slowness` is by trainer. True if something changed.
  bool pass(int leases, const std::vector<double>& slowness) {
    auto changed = false;
    for (int i = 0; i < leases; ++i) {
      std::vector<double> seconds;
      double longest = 0;
      for (std::size_t trainer = 0; trainer < blocks_.size(); ++trainer) {
        const core::draw_site site{seed_, core::stream::synthetic_data, trainer,
                                   lease_};
        // Leases differ by 30%; one in twenty has a hiccup of twice its length.
        const auto noise = std::exp(0.3 * static_cast<double>(core::normal(site, 0)))
                           + (core::uniform(site, 8) < 0.05F ? 2.0 : 0.0);
        // A step costs something besides its blocks.
        seconds.push_back(slowness[trainer] * noise
                          * (0.01 + 0.02 * static_cast<double>(blocks_[trainer])));
        longest = std::max(longest, seconds.back());
      }
      for (std::size_t trainer = 0; trainer < blocks_.size(); ++trainer)
        changed =
          watch.note(trainer, seconds[trainer], 16, trainer == 0 ? longest * 1.1 : 0)
          || changed;
      ++lease_;
    }
    return changed;
  }

private:
  std::uint64_t seed_;
  std::vector<std::uint32_t> blocks_;
  std::uint32_t lease_ = 0;

public:
  slow_trainers watch;
};

} // namespace

TEST_CASE("nobody is named among healthy trainers", "[actors][slow_trainers]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    for (const auto& blocks : std::vector<std::vector<std::uint32_t>>{
           {4}, {2, 2}, {2, 1, 1}, {1, 1, 1, 1}, {4, 2, 1, 1}}) {
      drawn_leases leases{seed, blocks};
      INFO(seed << ", " << blocks.size() << " trainers");
      CHECK_FALSE(leases.pass(300, std::vector<double>(blocks.size(), 1.0)));
    }
}

TEST_CASE("a trainer that has half a processor is named, and nobody else",
          "[actors][slow_trainers]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    for (const auto& blocks :
         std::vector<std::vector<std::uint32_t>>{{2, 2}, {2, 1, 1}, {1, 1, 1, 1}})
      for (std::size_t slow = 0; slow < blocks.size(); ++slow) {
        INFO(seed << ", trainer " << slow << " of " << blocks.size());
        std::vector<double> slowness(blocks.size(), 1.0);
        slowness[slow] = 2.0;
        drawn_leases leases{seed, blocks};
        CHECK(leases.pass(300, slowness));
        for (std::size_t i = 0; i < blocks.size(); ++i)
          CHECK(leases.watch.times_slower(i).has_value() == (i == slow));
        CHECK(*leases.watch.times_slower(slow) > 1.4);
        CHECK(*leases.watch.times_slower(slow) < 4.0);
      }
}

TEST_CASE("a trainer that recovers is no longer named", "[actors][slow_trainers]") {
  drawn_leases leases{1, {2, 2}};
  CHECK(leases.pass(300, {1.0, 2.0}));
  CHECK(leases.watch.times_slower(1));
  CHECK(leases.pass(300, {1.0, 1.0}));
  CHECK_FALSE(leases.watch.times_slower(1));
}

TEST_CASE("a hiccup of a second names nobody", "[actors][slow_trainers]") {
  slow_trainers watch{{2, 2}};
  for (int i = 0; i < 100; ++i) {
    const auto seconds = i == 50 ? 1.1 : 0.1;
    CHECK_FALSE(watch.note(0, 0.1, 16, seconds));
    CHECK_FALSE(watch.note(1, seconds, 16, 0));
  }
  CHECK_FALSE(watch.times_slower(1));
}

TEST_CASE("of one trainer nothing can be said", "[actors][slow_trainers]") {
  slow_trainers watch{{4}};
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(watch.note(0, static_cast<double>(i), 16, 1.0));
  CHECK_FALSE(watch.times_slower(0));
}

TEST_CASE("who has more steps than others is not slow for that",
          "[actors][slow_trainers]") {
  slow_trainers watch{{4, 4, 4}};
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(watch.note(0, 0.2, 2, 0.2));
    CHECK_FALSE(watch.note(1, 0.1, 1, 0));
    CHECK_FALSE(watch.note(2, 0.1, 1, 0));
  }
  CHECK_FALSE(watch.times_slower(0));
}

TEST_CASE("a slow trainer is named beside one that never has a step",
          "[actors][slow_trainers]") {
  slow_trainers watch{{4, 4, 4}};
  auto named = false;
  for (int i = 0; i < 1000; ++i) {
    named = watch.note(0, 0.3, 1, 0.3) || named;
    named = watch.note(1, 0.1, 1, 0) || named;
    named = watch.note(2, 0.0, 0, 0) || named;
  }
  CHECK(named);
  CHECK(watch.times_slower(0));
  CHECK_FALSE(watch.times_slower(1));
  CHECK_FALSE(watch.times_slower(2));
}

TEST_CASE("trainers that say nothing of their time are not slow",
          "[actors][slow_trainers]") {
  slow_trainers watch{{2, 2}};
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(watch.note(static_cast<std::size_t>(i % 2), 0.0, 16, 1.0));
}

TEST_CASE("a trainer that takes fewer steps is slow where others do not wait for it",
          "[actors][slow_trainers]") {
  slow_trainers watch{{4, 4}};
  auto named = false;
  // Both compute all the time; one gets half as far.
  for (int i = 0; i < 40; ++i) {
    named = watch.note(0, 0.4, 16, 0.4) || named;
    if (i % 2 == 1)
      named = watch.note(1, 0.8, 16, 0) || named;
  }
  CHECK(named);
  CHECK_FALSE(watch.times_slower(0));
  REQUIRE(watch.times_slower(1));
  CHECK(*watch.times_slower(1) == Approx(2));
}
