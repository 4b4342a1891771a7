#include "experiments/progress_bar.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

using namespace souk::experiments;
using Catch::Matchers::Contains;

namespace {

/// A display whose time a test turns, and whose text it reads.
struct still_display {
  double now = 100;
  std::string written;

  progress_display display(bool is_terminal, bool has_colour = false) {
    return {is_terminal, has_colour, [] { return std::size_t{80}; },
            [this] { return now; },
            [this](const std::string& text) {
              written += text;
            }};
  }

  std::string take() {
    return std::exchange(written, "");
  }
};

} // namespace

TEST_CASE("a terminal has one line with bar, rate, time left and a remark",
          "[experiments][progress]") {
  still_display screen;
  progress_bar bar{screen.display(true)};
  bar.advance("train", 0, 4000, "users", "");
  CHECK(screen.take() == "\r\x1b[Ktrain [........................]   0% 0/4,000 users");
  screen.now += 2;
  bar.advance("train", 1000, 4000, "users", "loss 312.4");
  CHECK(screen.take()
        == "\r\x1b[Ktrain [######..................]  25% 1,000/4,000 users, "
           "500 users/s, 0:06 left");
  screen.now += 0.05;
  bar.advance("train", 1001, 4000, "users", "");
  CHECK(screen.take().empty());
  screen.now += 5.95;
  bar.advance("train", 4000, 4000, "users", "");
  CHECK_THAT(screen.take(),
             Contains("100% 4,000/4,000 users") && Catch::EndsWith("\n"));
  bar.advance("train", 4000, 4000, "users", "");
  CHECK(screen.take().empty());
}

TEST_CASE("the bar never wraps", "[experiments][progress]") {
  still_display screen;
  progress_bar bar{screen.display(true)};
  bar.advance("train", 0, 10, "users", std::string(200, 'x'));
  CHECK(screen.take().size() == std::string{"\r\x1b[K"}.size() + 79);
  bar.advance(std::string(200, 'y'), 0, 10, "users", "");
  CHECK(screen.take().size() == std::string{"\n\r\x1b[K"}.size() + 79);
}

TEST_CASE("the bar is coloured only where colour is wanted",
          "[experiments][progress]") {
  still_display screen;
  progress_bar plain{screen.display(true, false)};
  plain.advance("train", 1, 2, "epochs", "");
  CHECK(screen.take().find("\x1b[3") == std::string::npos);
  progress_bar coloured{screen.display(true, true)};
  coloured.advance("train", 1, 2, "epochs", "");
  CHECK_THAT(screen.take(), Contains("\x1b[36m[") && Contains("\x1b[0m"));
  setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(progress_on_stderr().has_colour);
  unsetenv("NO_COLOR");
}

TEST_CASE("the bar makes way for other text and for another task",
          "[experiments][progress]") {
  still_display screen;
  progress_bar bar{screen.display(true)};
  bar.advance("train", 1, 10, "epochs", "");
  screen.take();
  bar.clear();
  CHECK(screen.take() == "\r\x1b[K");
  bar.clear();
  CHECK(screen.take().empty());
  screen.now += 1;
  bar.advance("train", 2, 10, "epochs", "");
  screen.take();
  bar.advance("evaluate", 0, 5, "users", "");
  CHECK_THAT(screen.take(), Catch::StartsWith("\n\r\x1b[Kevaluate ["));
}

TEST_CASE("elsewhere there is a line now and then and one at the end",
          "[experiments][progress]") {
  still_display screen;
  progress_bar lines{screen.display(false)};
  for (std::uint64_t done = 0; done < 4000; ++done) {
    lines.advance("train", done, 4000, "users", "loss 3");
    screen.now += 0.01;
  }
  const auto text = screen.take();
  CHECK(std::count(text.begin(), text.end(), '\n') == 7); // 40 s, every 5 s
  CHECK(text.find("train: 500/4,000 users (12%), 99.") == std::string::npos);
  CHECK_THAT(text, Contains("/4,000 users (12%), 100 users/s, 0:35 left, loss 3\n"));
  lines.advance("train", 4000, 4000, "users", "loss 2");
  CHECK(screen.take() == "train: 4,000 users, 100 users/s in 0:40, loss 2\n");
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("a short task elsewhere has one line", "[experiments][progress]") {
  still_display screen;
  progress_bar lines{screen.display(false)};
  lines.advance("import", 0, 10, "rows", "");
  screen.now += 1;
  lines.advance("import", 10, 10, "rows", "");
  CHECK(screen.take() == "import: 10 rows, 10.0 rows/s in 0:01\n");
}

TEST_CASE("a resumed task counts its speed from where it began",
          "[experiments][progress]") {
  still_display screen;
  progress_bar lines{screen.display(false)};
  lines.advance("train", 900, 1000, "steps", "");
  screen.now += 10;
  lines.advance("train", 950, 1000, "steps", "");
  CHECK(screen.take() == "train: 950/1,000 steps (95%), 5.00 steps/s, 0:10 left\n");
}

TEST_CASE("work of unknown length has a count and a rate", "[experiments][progress]") {
  still_display screen;
  progress_bar lines{screen.display(false)};
  lines.advance("read", 0, 0, "rows", "");
  screen.now += 10;
  lines.advance("read", 12345, 0, "rows", "");
  CHECK(screen.take() == "read: 12,345 rows, 1,235 rows/s\n");
}

TEST_CASE("progress may come from several threads", "[experiments][progress]") {
  still_display screen;
  {
    progress_bar bar{screen.display(true)};
    const auto work = [&bar] {
      for (std::uint64_t i = 0; i < 1000; ++i)
        bar.advance("train", i, 1000, "steps", "");
    };
    std::thread other{work};
    work();
    other.join();
  }
  CHECK_THAT(screen.written, Contains("train ["));
}
