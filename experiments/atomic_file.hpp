#pragma once

#include <string>
#include <string_view>

namespace souk::experiments {

/// Replaces a file so that it holds either its old bytes or all of the new ones,
/// whatever dies in between: temporary name, fsync, rename, fsync of the folder. Throws
/// `core::error` naming the file, and says so where the disk is full.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// Throws `core::error` of the request where the folder is missing that a file is to be
/// written to at the end of something long. An empty path is none.
void check_folder_of(const std::string& path);

/// Whether a name is one that `write_file_atomically` leaves behind when it is killed.
bool is_partial_file(const std::string& name);

/// Makes what a folder lists (new names, renames) survive a crash. Throws
/// `core::error`.
void sync_folder(const std::string& path);

/// Writes all bytes to a descriptor; `path` is for the message. Throws `core::error`.
void write_all(int descriptor, std::string_view bytes, const std::string& path);

/// Reads a whole file. Throws `core::error` if it cannot be read.
std::string read_file(const std::string& path);

} // namespace souk::experiments
