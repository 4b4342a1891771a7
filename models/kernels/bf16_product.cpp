#include "core/error.hpp"
#include "models/kernels/matrix_product.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include <array>
#include <map>

namespace souk::models::kernels {

namespace {

using dims = dnnl::memory::dims;
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

/// oneDNN's code for one shape.
class compiled_product {
public:
  explicit compiled_product(const product_shape& shape)
    : a_{{signed_size(shape.rows), signed_size(shape.inner)},
         data_type::bf16,
         {signed_size(shape.a_strides[0]), signed_size(shape.a_strides[1])}},
      b_{{signed_size(shape.inner), signed_size(shape.columns)},
         data_type::bf16,
         {signed_size(shape.b_strides[0]), signed_size(shape.b_strides[1])}},
      c_{{signed_size(shape.rows), signed_size(shape.columns)},
         data_type::f32,
         {signed_size(shape.c_stride), 1}},
      stream_{processor()} {
    dnnl::primitive_attr attributes;
    if (shape.adds) {
      dnnl::post_ops sum;
      sum.append_sum(1);
      attributes.set_post_ops(sum);
    }
    multiply_ =
      dnnl::matmul{dnnl::matmul::primitive_desc{{a_, b_, c_}, attributes, processor()}};
  }

  void operator()(bf16* a, bf16* b, float* c) {
    multiply_.execute(stream_, {{DNNL_ARG_SRC, {a_, processor(), a}},
                                {DNNL_ARG_WEIGHTS, {b_, processor(), b}},
                                {DNNL_ARG_DST, {c_, processor(), c}}});
  }

private:
  dnnl::memory::desc a_, b_, c_;
  dnnl::matmul multiply_;
  dnnl::stream stream_;
};

void multiply(bf16_matrix a,
              bool a_transposed,
              bf16_matrix b,
              bool b_transposed,
              matrix c,
              bool adds) {
  const auto inner = a_transposed ? a.rows : a.columns;
  core::expects(inner == (b_transposed ? b.columns : b.rows)
                  && (a_transposed ? a.columns : a.rows) == c.rows
                  && (b_transposed ? b.rows : b.columns) == c.columns,
                "the extents of a product agree");
  using strides = std::array<std::size_t, 2>;
  const product_shape shape{c.rows,
                            inner,
                            c.columns,
                            a_transposed ? strides{1, a.stride} : strides{a.stride, 1},
                            b_transposed ? strides{1, b.stride} : strides{b.stride, 1},
                            c.stride,
                            adds};
  // oneDNN's scratch memory belongs to the thread that made the product.
  static thread_local std::map<product_shape, compiled_product> known;
  auto found = known.find(shape);
  if (found == known.end())
    found = known.emplace(shape, compiled_product{shape}).first;
  found->second(a.data, b.data, c.data);
}

} // namespace

void serial_product(bf16_matrix a, bf16_matrix b, matrix c) {
  multiply(a, false, b, false, c, false);
}

void serial_product_with_transposed(bf16_matrix a, bf16_matrix b, matrix c) {
  multiply(a, false, b, true, c, false);
}

void serial_transposed_product(bf16_matrix a,
                               bf16_matrix b,
                               matrix c,
                               product_mode mode) {
  core::expects(mode != product_mode::subtract, "bf16 products are not subtracted");
  multiply(a, true, b, false, c, mode == product_mode::add);
}

bool has_bf16_products() {
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return isa != static_cast<unsigned>(dnnl::cpu_isa::all) && (isa & needed) == needed;
}

} // namespace souk::models::kernels
