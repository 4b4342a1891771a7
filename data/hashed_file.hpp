#pragma once

#include <cstdint>
#include <functional>
#include <string>

/// Files that appear whole or not at all, and that are known by their SHA-256 before
/// anything parses them.
namespace souk::data {

/// Writes a file so that a crash at any moment leaves the old one, the new one or none,
/// never a part: `write(temporary)` fills `<path>.tmp`, which is synced; its hash goes
/// to `<path>.sha256` (as sha256sum writes it); then the file is renamed into place.
/// Throws `error`, and leaves no temporary file, if any of it fails.
void write_hashed(const std::string& path,
                  const std::function<void(const std::string& temporary)>& write);

/// Returns the file to open for `path`, after checking its hash: `path` itself, or
/// `<path>.tmp` where a crash came between the two renames of `write_hashed`. Throws
/// `error` if the file or its hash is missing, or if they do not agree.
std::string verified(const std::string& path);

/// Writes a small file whole or not at all, and syncs it.
void write_small_file(const std::string& path, const std::string& text);

/// Reads a small file. Throws `error` if it cannot be read or exceeds 1 MB.
std::string read_small_file(const std::string& path);

/// Throws `error` unless a file of so many bytes could be written here; where the file
/// system cannot tell, nothing. There must be no such file yet.
void check_space(const std::string& path, std::uint64_t bytes);

/// Forces a file, or a folder's entries, to the disk.
void sync_to_disk(const std::string& path);

/// Renames; throws `error` with the reason if that fails.
void rename_to(const std::string& from, const std::string& to);

} // namespace souk::data
