#pragma once

#include "core/error.hpp"
#include "data/hdf5_file.hpp"

#include <hdf5.h>

#include <mutex>
#include <string>

/// What the sources of the HDF5 layer share: handles that close, and errors.
namespace souk::data::hdf5 {

/// One mutex for all calls into the library.
inline std::recursive_mutex& library_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// Holds the library, with its own printing of errors switched off.
class library_lock {
public:
  library_lock() : held_{library_mutex()} {
    // All files are closed by their owners; at exit the library would stumble over one
    // that a full disk kept it from flushing.
    static const auto no_atexit = H5dont_atexit();
    static_cast<void>(no_atexit);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }

private:
  std::lock_guard<std::recursive_mutex> held_;
};

/// Returns the innermost description on HDF5's error stack, and clears it.
std::string take_reason();

/// Owns an identifier and closes it with `Close`.
template <herr_t (*Close)(hid_t)>
class handle {
public:
  explicit handle(hid_t id) : id_{id} {
    // nop
  }

  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  ~handle() {
    if (id_ >= 0)
      Close(id_);
  }

  hid_t id() const {
    return id_;
  }

private:
  hid_t id_;
};

using dataset_handle = handle<H5Dclose>;
using space_handle = handle<H5Sclose>;
using type_handle = handle<H5Tclose>;
using property_handle = handle<H5Pclose>;
using group_handle = handle<H5Gclose>;
using object_handle = handle<H5Oclose>;
using attribute_handle = handle<H5Aclose>;

/// Returns what HDF5 answered; throws `core::error` if that is a failure (negative).
template <class Result>
Result checked(Result result, const std::string& doing, const std::string& path) {
  if (result >= 0)
    return result;
  const auto reason = take_reason();
  if (reason.find("errno = 28") != std::string::npos) // ENOSPC
    throw core::error{"the disk is full", path,
                      "free some space, then continue with --resume"};
  throw core::error{"HDF5 failed while " + doing + " (" + reason + ")", path,
                    "check the file and the space left on its disk"};
}

hid_t native_type(number_kind kind);

/// The kind of a type in a file; throws `core::error` for one that souk never writes.
number_kind kind_of_type(hid_t type, const std::string& name, const std::string& path);

/// Creates properties for a chunked dataset with fletcher32, or for a contiguous one
/// where the chunk is empty.
hid_t chunked_properties(const std::vector<hsize_t>& chunk, bool compressed);

} // namespace souk::data::hdf5
