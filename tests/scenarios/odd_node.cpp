// A node whose numbers would differ: it says that it has another instruction set.
//   souk_odd_node JOIN LISTEN CERTIFICATES FOLDER
#include "actors/serve_as_node.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/dataset_file.hpp"
#include "experiments/config/document.hpp"
#include "experiments/run_context.hpp"

using namespace souk;

namespace {

class odd_context : public experiments::experiment_context {
public:
  using experiment_context::experiment_context;

  core::numeric_platform platform() const override {
    auto own = experiment_context::platform();
    own["isa"] = "abacus";
    return own;
  }
};

std::shared_ptr<actors::run_context>
load_odd(const std::string& configuration, std::shared_ptr<actors::run_files> files) {
  auto file = experiments::document::parse(configuration, "config.yaml");
  auto options = experiments::read_experiment(file);
  auto data =
    experiments::prepare(data::read_dataset(files->find("dataset.h5")), options);
  return std::make_shared<odd_context>(std::move(options), std::move(data),
                                       std::move(files));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    return 1;
  actors::node_process process;
  process.join = *core::parse_network_address(argv[1]);
  process.listen = *core::parse_network_address(argv[2]);
  process.certificates = argv[3];
  process.folder = argv[4];
  try {
    actors::serve_as_node(process, load_odd);
  } catch (const core::error& wrong) {
    core::log::failure(wrong.what());
    return 1;
  }
}
