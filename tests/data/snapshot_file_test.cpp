#include "data/snapshot_file.hpp"

#include "core/digest.hpp"
#include "examples.hpp"
#include "importing.hpp"

using namespace souk;
using tests::scratch_folder;

TEST_CASE("a model comes back from its file as it was", "[data][snapshot_file]") {
  const scratch_folder folder;
  const auto model = test::example_snapshot();
  const data::model_vocabulary vocabulary{
    {"a", "b", "c"}, test::example_attributes(3), test::example_attributes(9)};
  data::write_snapshot(folder / "m.h5", model, vocabulary);
  const auto read = data::read_snapshot(folder / "m.h5");
  CHECK(core::digest_of(read.model) == core::digest_of(model));
  CHECK(read.model.options == model.options);
  CHECK(read.model.tensor("nothing").shape == std::vector<std::uint64_t>{0, 8});
  CHECK(read.vocabulary.items == vocabulary.items);
  CHECK(read.vocabulary.item_attributes.columns[3].texts
        == vocabulary.item_attributes.columns[3].texts);
  // Users' attributes keep their words, and nobody's data.
  CHECK(read.vocabulary.user_attributes.num_rows == 0);
  REQUIRE(read.vocabulary.user_attributes.columns.size() == 4);
  CHECK(read.vocabulary.user_attributes.columns[0].vocabulary
        == std::vector<std::string>{"F", "M"});
  CHECK(read.vocabulary.user_attributes.columns[0].codes.empty());
}

TEST_CASE("a file of another kind is refused as a model", "[data][snapshot_file]") {
  const scratch_folder folder;
  data::write_snapshot(folder / "m.h5", test::example_snapshot(), {});
  CHECK_NOTHROW(data::read_snapshot(folder / "m.h5"));
  data::write_checkpoint(folder / "checkpoints", test::example_checkpoint(1), 1);
  std::filesystem::copy(folder / "checkpoints/1/state.h5", folder / "x.h5");
  folder.write("x.h5.sha256", core::sha256_of_file(folder / "x.h5") + "  x.h5\n");
  CHECK(test::error_of([&] {
          data::read_snapshot(folder / "x.h5");
        }).find("this is no model file but one of kind checkpoint")
        != std::string::npos);
}
