#include "experiments/report/report.hpp"

#include "core/log.hpp"
#include "experiments/commands/commands.hpp"

namespace souk::experiments {

void write_report_again(const command& request) {
  write_report(request.files.at(0));
  core::log::info("report: " + request.files.at(0) + "/report.html");
}

} // namespace souk::experiments
