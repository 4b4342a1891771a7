#include "experiments/config/suggestion.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

TEST_CASE("edits are insertions, deletions, substitutions and swaps",
          "[experiments][config]") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("hiden", "hidden") == 1);
  CHECK(edit_distance("modle", "model") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("the nearest word is suggested if it is near", "[experiments][config]") {
  const std::vector<std::string> known{"hidden", "latent", "dropout", "kl",
                                       "simulation"};
  CHECK(nearest("hiddne", known) == "hidden");
  CHECK(nearest("drop", known) == "dropout");
  CHECK(nearest("sim", known) == "simulation");
  CHECK(nearest("k", known) == "kl");
  CHECK(nearest("colour", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(100'000, 'h'), known).empty());
  CHECK(suggestion("colour", known)
        == "known are hidden, latent, dropout, kl, simulation");
}
