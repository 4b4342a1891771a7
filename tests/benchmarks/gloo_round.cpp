#include "core/error.hpp"
#include "tests/benchmarks/two_ends.hpp"

#include <gloo/allreduce_halving_doubling.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/file_store.h>
#include <gloo/transport/tcp/device.h>

namespace souk::benchmarks {

namespace {

class gloo_round : public round_trips {
public:
  gloo_round(const std::string& folder, std::uint32_t process, std::size_t count)
    : numbers_(count, 1.0F + static_cast<float>(process)) {
    gloo::transport::tcp::attr where;
    where.iface = "lo";
    auto device = gloo::transport::tcp::CreateDevice(where);
    gloo::rendezvous::FileStore store{folder};
    const auto context =
      std::make_shared<gloo::rendezvous::Context>(static_cast<int>(process), 2);
    context->connectFullMesh(store, device);
    sum_ = std::make_unique<gloo::AllreduceHalvingDoubling<float>>(
      context, std::vector<float*>{numbers_.data()}, static_cast<int>(count));
    sum_->run();
    core::expects(numbers_.front() == 3.0F && numbers_.back() == 3.0F,
                  "both processes have the sum");
    numbers_.assign(count, 0.0F); // so that they stay what they are
  }

  void ask() override {
    sum_->run();
  }

  void answer() override {
    sum_->run();
  }

private:
  core::aligned_vector<float> numbers_;
  std::unique_ptr<gloo::Algorithm> sum_;
};

} // namespace

bool has_gloo() {
  return true;
}

std::unique_ptr<round_trips>
make_gloo_round(const std::string& folder, std::uint32_t process, std::size_t count) {
  return std::make_unique<gloo_round>(folder, process, count);
}

} // namespace souk::benchmarks
