#include "models/kernels/bf16_multiplier.hpp"

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "models/kernels/instruction_set.hpp"
#include "models/kernels/serial_products.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

namespace souk::models::kernels {

namespace {

using data_type = dnnl::memory::data_type;

dnnl::engine& processor() {
  static dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  return engine;
}

dnnl_dim_t signed_size(std::size_t size) {
  return static_cast<dnnl_dim_t>(size);
}

/// Extents of a product, strides of its operands as they are read, and its mode.
struct product_shape {
  std::size_t rows, inner, columns;
  std::array<std::size_t, 2> a_strides;
  std::array<std::size_t, 2> b_strides;
  std::size_t c_stride;
  bool adds;

  auto as_tuple() const {
    return std::tie(rows, inner, columns, a_strides, b_strides, c_stride, adds);
  }

  bool operator<(const product_shape& other) const {
    return as_tuple() < other.as_tuple();
  }
};

product_shape shape_of(product_form form,
                       const bf16_matrix& a,
                       const bf16_matrix& b,
                       const matrix& c,
                       product_mode mode) {
  const auto a_transposed = form == product_form::left_transposed;
  const auto b_transposed = form == product_form::right_transposed;
  const auto inner = a_transposed ? a.rows : a.columns;
  core::expects(inner == (b_transposed ? b.columns : b.rows)
                  && (a_transposed ? a.columns : a.rows) == c.rows
                  && (b_transposed ? b.rows : b.columns) == c.columns,
                "the extents of a product agree");
  core::expects(mode != product_mode::subtract, "bf16 products are not subtracted");
  using strides = std::array<std::size_t, 2>;
  return {c.rows,
          inner,
          c.columns,
          a_transposed ? strides{1, a.stride} : strides{a.stride, 1},
          b_transposed ? strides{1, b.stride} : strides{b.stride, 1},
          c.stride,
          mode == product_mode::add};
}

/// oneDNN's code for one shape, and what it is handed at a call, by worker: made once,
/// pointed elsewhere each time.
class compiled_product {
public:
  compiled_product(const product_shape& shape, std::size_t workers) {
    const dnnl::memory::desc a{
      {signed_size(shape.rows), signed_size(shape.inner)},
      data_type::bf16,
      {signed_size(shape.a_strides[0]), signed_size(shape.a_strides[1])}};
    const dnnl::memory::desc b{
      {signed_size(shape.inner), signed_size(shape.columns)},
      data_type::bf16,
      {signed_size(shape.b_strides[0]), signed_size(shape.b_strides[1])}};
    const dnnl::memory::desc c{{signed_size(shape.rows), signed_size(shape.columns)},
                               data_type::f32,
                               {signed_size(shape.c_stride), 1}};
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (shape.adds) {
      dnnl::post_ops sum;
      sum.append_sum(1);
      attributes.set_post_ops(sum);
    }
    const dnnl::matmul::primitive_desc plan{{a, b, c}, attributes, processor()};
    multiply_ = dnnl::matmul{plan};
    scratch_bytes_ = plan.scratchpad_desc().get_size();
    const auto nowhere = [](const dnnl::memory::desc& desc) {
      return dnnl::memory{desc, processor(), DNNL_MEMORY_NONE};
    };
    for (std::size_t worker = 0; worker < workers; ++worker)
      calls_.push_back({nowhere(a), nowhere(b), nowhere(c),
                        nowhere(plan.scratchpad_desc()), dnnl::stream{processor()}});
  }

  std::size_t scratch_bytes() const {
    return scratch_bytes_;
  }

  void
  operator()(std::size_t worker, bf16* a, bf16* b, float* c, std::byte* scratch) const {
    const auto& now = calls_[worker];
    now.a.set_data_handle(a);
    now.b.set_data_handle(b);
    now.c.set_data_handle(c);
    now.scratch.set_data_handle(scratch);
    const std::array<dnnl_exec_arg_t, 4> arguments{
      {{DNNL_ARG_SRC, now.a.get()},
       {DNNL_ARG_WEIGHTS, now.b.get()},
       {DNNL_ARG_DST, now.c.get()},
       {DNNL_ARG_SCRATCHPAD, now.scratch.get()}}};
    const auto status =
      dnnl_primitive_execute(multiply_.get(), now.stream.get(),
                             static_cast<int>(arguments.size()), arguments.data());
    core::expects(status == dnnl_success, "oneDNN computes every product");
  }

private:
  struct call {
    dnnl::memory a, b, c, scratch;
    dnnl::stream stream;
  };

  dnnl::matmul multiply_;
  std::size_t scratch_bytes_ = 0;
  std::vector<call> calls_; ///< by worker
};

} // namespace

struct bf16_multiplier::parts {
  std::map<product_shape, compiled_product> compiled;
  std::vector<core::aligned_buffer<std::byte>> scratch; ///< by worker
};

bool has_bf16_products() {
  settled_isa();
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return isa != static_cast<unsigned>(dnnl::cpu_isa::all) && (isa & needed) == needed;
}

bf16_multiplier::bf16_multiplier(std::size_t workers)
  : parts_{std::make_unique<parts>()} {
  settled_isa();
  parts_->scratch.resize(workers);
}

bf16_multiplier::~bf16_multiplier() = default;

void bf16_multiplier::compile(
  product_form form, bf16_matrix a, bf16_matrix b, matrix c, product_mode mode) {
  const auto shape = shape_of(form, a, b, c, mode);
  if (parts_->compiled.count(shape) > 0)
    return;
  // How many threads oneDNN may use is decided now.
  const serial_products serial;
  const auto made =
    parts_->compiled.emplace(shape, compiled_product{shape, parts_->scratch.size()})
      .first;
  for (auto& room : parts_->scratch)
    if (room.size() < made->second.scratch_bytes())
      room = core::aligned_buffer<std::byte>{made->second.scratch_bytes()};
}

void bf16_multiplier::multiply(product_form form,
                               bf16_matrix a,
                               bf16_matrix b,
                               matrix c,
                               product_mode mode,
                               std::size_t worker) {
  const auto found = parts_->compiled.find(shape_of(form, a, b, c, mode));
  core::expects(found != parts_->compiled.end(), "a bf16 product has been compiled");
  found->second(worker, a.data, b.data, c.data, parts_->scratch[worker].data());
}

} // namespace souk::models::kernels
