#pragma once

#include "actors/messages/bulk.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

namespace souk::messages {

/// Asks for a file of the run by its path in the run's directory ("dataset.h5").
struct open_file {
  std::string entry;
};

/// Answers `open_file`: the bytes, as numbers of four bytes each (the last one filled
/// up with zeros), and how many they are.
struct file_opened {
  core::tensor_ticket bytes;
  std::uint64_t length = 0; ///< in bytes
  std::string hash;         ///< the file's `.sha256`, as sha256sum writes it
};

/// Gives the files of a run to processes that do not see its directory.
using file_cabinet_actor = caf::typed_actor<
  // Fails with `failed` and the reason.
  caf::replies_to<open_file>::with<file_opened>>;

template <class Inspector>
auto inspect(Inspector& f, open_file& x) {
  return f(caf::meta::type_name("open_file"), x.entry);
}

template <class Inspector>
auto inspect(Inspector& f, file_opened& x) {
  return f(caf::meta::type_name("file_opened"), x.bytes, x.length, x.hash);
}

} // namespace souk::messages
