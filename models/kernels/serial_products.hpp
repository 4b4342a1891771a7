#pragma once

#include <omp.h>

namespace souk::models::kernels {

/// Keeps OpenMP, and so oneDNN, serial on this thread while it lives.
class serial_products {
public:
  serial_products() : before_{omp_get_max_threads()} {
    if (before_ != 1)
      omp_set_num_threads(1);
  }

  ~serial_products() {
    if (before_ != 1)
      omp_set_num_threads(before_);
  }

  serial_products(const serial_products&) = delete;
  serial_products& operator=(const serial_products&) = delete;

private:
  int before_;
};

} // namespace souk::models::kernels
