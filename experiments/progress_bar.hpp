#pragma once

#include "core/progress.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace souk::experiments {

/// Where progress is shown, and how.
struct progress_display {
  bool is_terminal = false; ///< one line that is drawn again and again; else lines
  bool has_colour = false;
  std::function<std::size_t()> width; ///< columns of the terminal
  std::function<double()> now;        ///< seconds
  std::function<void(const std::string&)> write;
};

/// Returns how to show progress on stderr: a bar on a terminal (unless TERM is `dumb`),
/// coloured unless NO_COLOR is set, and plain lines elsewhere.
progress_display progress_on_stderr();

/// Shows how far long work is, with rate and time left: on a terminal as one line with
/// a bar, elsewhere as a line every few seconds and one at the end of a task.
///
/// Calls are cheap and may come from any thread.
class progress_bar : public core::progress {
public:
  explicit progress_bar(progress_display display = progress_on_stderr());
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  ~progress_bar() override;

  void advance(const std::string& task,
               std::uint64_t done,
               std::uint64_t total,
               const std::string& unit,
               const std::string& detail) override;

  /// Takes the bar off the screen, so that something else can be said. It comes back
  /// with the next step of its task.
  void clear();

private:
  struct state {
    std::string task;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::string unit;
    std::string detail;
    std::uint64_t done_at_start = 0; ///< what was there before this process began
    double started = 0;
    double shown = 0;
    bool is_over = true;
  };

  void begin(const std::string& task, std::uint64_t done, double now);
  void show(double now);
  std::string bar(double now, std::size_t width) const;
  std::string line(double now) const;
  std::string speed(double now) const;
  void erase();

  progress_display display_;
  std::mutex mutex_;
  state state_;
  bool is_on_screen_ = false;
};

} // namespace souk::experiments
