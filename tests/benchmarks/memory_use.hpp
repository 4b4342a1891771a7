#pragma once

namespace souk::benchmarks {

/// The most memory that this process ever held, in MB of 2^20 bytes (getrusage).
double peak_mb();

/// How far a piece of work raises the process's memory above what it found.
class memory_above {
public:
  /// Notes what the process holds now, and forgets its earlier peak where the kernel
  /// allows that.
  memory_above();

  /// The peak since then above what was held then, in MB. Where the earlier peak could
  /// not be forgotten, at most too large.
  double mb() const;

private:
  double before_;
};

} // namespace souk::benchmarks
