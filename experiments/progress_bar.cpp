#include "experiments/progress_bar.hpp"

#include "core/clock.hpp"
#include "core/log.hpp"
#include "experiments/number_words.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace souk::experiments {

namespace {

constexpr double seconds_between_bars = 0.1;
constexpr double seconds_between_lines = 5;
constexpr std::size_t bar_width = 24;
constexpr const char* erase_line = "\r\x1b[K";
constexpr const char* in_cyan = "\x1b[36m";
constexpr const char* in_default_colour = "\x1b[0m";

std::size_t columns_of_stderr() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void write_to_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

/// Cuts text to `width` columns without cutting a UTF-8 character.
std::string cut(const std::string& text, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto begins_character =
      (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_character && columns++ == width)
      return text.substr(0, i);
  }
  return text;
}

std::string after_comma(const std::string& text) {
  return text.empty() ? "" : ", " + text;
}

} // namespace

progress_display progress_on_stderr() {
  const auto* terminal = std::getenv("TERM");
  const auto* no_colour = std::getenv("NO_COLOR");
  progress_display display;
  display.is_terminal =
    isatty(STDERR_FILENO) != 0 && terminal && std::string{terminal} != "dumb";
  display.has_colour = display.is_terminal && !(no_colour && *no_colour);
  display.width = columns_of_stderr;
  display.now = core::seconds_now;
  // What is no terminal is a file or a pipe, which log.txt should agree with.
  if (display.is_terminal)
    display.write = write_to_stderr;
  else
    display.write = [](const std::string& text) {
      core::log::info(text.substr(0, text.find('\n')));
    };
  return display;
}

progress_bar::progress_bar(progress_display display) : display_{std::move(display)} {
  // nop
}

progress_bar::~progress_bar() {
  const std::lock_guard lock{mutex_};
  if (is_on_screen_)
    display_.write("\n");
}

void progress_bar::advance(const std::string& task,
                           std::uint64_t done,
                           std::uint64_t total,
                           const std::string& unit,
                           const std::string& detail) {
  const std::lock_guard lock{mutex_};
  const auto now = display_.now();
  const auto ends = total > 0 && done >= total;
  const auto repeats_the_end = state_.is_over && state_.task == task
                               && state_.total == total && state_.done == done && ends;
  if (repeats_the_end)
    return;
  if (state_.is_over || state_.task != task || done < state_.done)
    begin(task, done, now);
  state_.done = done;
  state_.total = total;
  state_.unit = unit;
  state_.detail = detail;
  state_.is_over = ends;
  const auto pause =
    display_.is_terminal ? seconds_between_bars : seconds_between_lines;
  if (ends || now - state_.shown >= pause)
    show(now);
}

void progress_bar::clear() {
  const std::lock_guard lock{mutex_};
  erase();
}

void progress_bar::begin(const std::string& task, std::uint64_t done, double now) {
  if (is_on_screen_)
    display_.write("\n");
  is_on_screen_ = false;
  state_ = {};
  state_.task = task;
  state_.done_at_start = done;
  state_.started = now;
  // A bar is drawn at once; a line only when the task turns out to take long.
  state_.shown = display_.is_terminal ? now - 2 * seconds_between_bars : now;
  state_.is_over = false;
}

void progress_bar::show(double now) {
  state_.shown = now;
  if (!display_.is_terminal) {
    display_.write(line(now) + '\n');
    return;
  }
  const auto columns = std::max<std::size_t>(display_.width(), 20) - 1;
  display_.write(erase_line + bar(now, columns) + (state_.is_over ? "\n" : ""));
  is_on_screen_ = !state_.is_over;
}

std::string progress_bar::bar(double now, std::size_t width) const {
  auto head = state_.task + ' ';
  std::string drawn;
  if (state_.total > 0) {
    const auto share = std::min(1.0, static_cast<double>(state_.done)
                                       / static_cast<double>(state_.total));
    const auto full = static_cast<std::size_t>(share * bar_width);
    char percent[8];
    std::snprintf(percent, sizeof percent, "%3.0f%% ", std::floor(share * 100));
    drawn = '[' + std::string(full, '#') + std::string(bar_width - full, '.') + "] "
            + percent;
  }
  auto tail = grouped(state_.done);
  if (state_.total > 0)
    tail += '/' + grouped(state_.total);
  tail += ' ' + state_.unit + after_comma(speed(now)) + after_comma(state_.detail);
  if (head.size() + drawn.size() >= width)
    return cut(head + tail, width);
  tail = cut(tail, width - head.size() - drawn.size());
  if (!display_.has_colour || drawn.empty())
    return head + drawn + tail;
  return head + in_cyan + drawn + in_default_colour + tail;
}

std::string progress_bar::line(double now) const {
  auto text = state_.task + ": " + grouped(state_.done);
  if (state_.total > 0 && !state_.is_over) {
    const auto percent =
      100.0 * static_cast<double>(state_.done) / static_cast<double>(state_.total);
    text += '/' + grouped(state_.total) + ' ' + state_.unit + " ("
            + std::to_string(static_cast<int>(percent)) + "%)";
  } else {
    text += ' ' + state_.unit;
  }
  return text + after_comma(speed(now)) + after_comma(state_.detail);
}

std::string progress_bar::speed(double now) const {
  const auto seconds = now - state_.started;
  const auto done = state_.done - state_.done_at_start;
  if (seconds <= 0 || done == 0)
    return "";
  const auto rate = static_cast<double>(done) / seconds;
  auto text = rate_text(rate) + ' ' + state_.unit + "/s";
  if (state_.is_over)
    return text + " in " + clock_text(seconds);
  if (state_.total > 0)
    text += ", " + clock_text(static_cast<double>(state_.total - state_.done) / rate)
            + " left";
  return text;
}

void progress_bar::erase() {
  if (is_on_screen_)
    display_.write(erase_line);
  is_on_screen_ = false;
}

} // namespace souk::experiments
