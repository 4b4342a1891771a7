#include "core/log.hpp"

#include "core/error.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace souk::core::log {

namespace {

struct sinks {
  std::shared_ptr<spdlog::sinks::stderr_sink_mt> screen =
    std::make_shared<spdlog::sinks::stderr_sink_mt>();
  spdlog::logger logger{"souk", screen};

  sinks() {
    // A progress bar may stand on the line.
    screen->set_pattern(isatty(STDERR_FILENO) != 0 ? "\r\x1b[K%v" : "%v");
    logger.flush_on(spdlog::level::info);
  }
};

sinks& all_sinks() {
  static sinks instance;
  return instance;
}

} // namespace

void info(const std::string& text) {
  all_sinks().logger.info(text);
}

void warning(const std::string& text) {
  all_sinks().logger.warn("warning: " + text);
}

void failure(const std::string& text) {
  all_sinks().logger.error("error: " + text);
}

void also_to_file(const std::string& path) {
  try {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
    file->set_pattern("%Y-%m-%dT%H:%M:%S.%e %v");
    all_sinks().logger.sinks().push_back(std::move(file));
  } catch (const spdlog::spdlog_ex& broken) {
    throw error{broken.what(), path, "check that the folder can be written"};
  }
}

void only_failures_on_stderr() {
  all_sinks().screen->set_level(spdlog::level::err);
}

} // namespace souk::core::log
