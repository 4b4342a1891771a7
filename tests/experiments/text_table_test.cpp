#include "experiments/text_table.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

TEST_CASE("columns are as wide as they must be, numbers to the right",
          "[experiments][text_table]") {
  CHECK(table_of({{"role", "process", "queue"}, {"trainer 0", "0", "3"}}, 2)
        == "role       process  queue\n"
           "trainer 0  0            3\n");
  CHECK(table_of({}, 1).empty());
}

TEST_CASE("a crossed table keeps the order of first mention, and blanks",
          "[experiments][text_table]") {
  crossed_table table;
  CHECK(table.empty());
  table.add("mult_vae", "ndcg", "0.4");
  table.add("ease", "recall", "0.35");
  table.add("mult_vae", "recall", "0.3");
  CHECK_FALSE(table.empty());
  CHECK(table.text("held-out")
        == "held-out  ndcg  recall\n"
           "mult_vae   0.4     0.3\n"
           "ease              0.35\n"
           "\n");
}
