#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/jobs/queue.h"
#include "finview/pipeline/project.h"

#include <charconv>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::int64_t kFailuresShown = 1000;
constexpr std::int64_t kLinesShown = 1000;

Queue open_queue(const std::string& folder) {
  const Project project(folder);  // says so if it is none
  return Queue(project.folder() / "jobs.db");
}

JobId read_job(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 1) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("\"{}\" is no number of a job; finview job list shows them.", text));
  }
  return {value};
}

void print_job(const JobRecord& job) {
  fmt::print("{:>6}  {:<10}  {:<9}  {:>7} of {:<7}  {:>6}  {}\n",
             job.id.value,
             job.wish.kind,
             to_string(job.state),
             job.done,
             job.total,
             job.failed,
             job.reason.empty() ? job.step : job.reason);
}

void print_header() {
  fmt::print("{:>6}  {:<10}  {:<9}  {:>7}    {:<7}  {:>6}  {}\n",
             "job",
             "kind",
             "state",
             "done",
             "total",
             "failed",
             "step");
}

/// A command that does one thing to each job named.
int run_on_jobs(const std::string& name,
                const std::string& summary,
                std::span<const std::string> arguments,
                void (*work)(Queue& queue, JobId job)) {
  std::vector<std::string> jobs;
  ProjectOption where;
  CommandLine command(name, summary, "finview " + name + " 12 --project hauraki");
  command.positionals("JOB", jobs, "Numbers, as job list shows them");
  where.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(jobs, name);
  Queue queue = open_queue(where.project);
  for (const std::string& job : jobs) work(queue, read_job(job));
  return 0;
}

}  // namespace

int run_job_list(std::span<const std::string> arguments) {
  ProjectOption where;
  JobFilter filter;
  CommandLine command("job list",
                      "Lists what a project's server does, has done and is to do, newest first.",
                      "finview job list --project hauraki");
  where.visit(command);
  command.field("limit", filter.limit, "Jobs listed", 1, 100'000);
  if (!command.parse(arguments)) return 0;
  const JobPage page = open_queue(where.project).list(filter);
  print_header();
  for (const JobRecord& job : page.rows) print_job(job);
  fmt::print("{} of {} jobs.\n", page.rows.size(), page.total);
  return 0;
}

int run_job_show(std::span<const std::string> arguments) {
  return run_on_jobs(
      "job show",
      "Shows how far jobs have come, which items failed and why, and what happened when.",
      arguments,
      [](Queue& queue, JobId id) {
        const JobRecord job = queue.get(id);
        print_header();
        print_job(job);
        fmt::print("Asked for {} by {}, started {}, ended {}.\n",
                   job.created,
                   job.wish.who.empty() ? "nobody named" : job.wish.who,
                   job.started.empty() ? "not yet" : job.started,
                   job.ended.empty() ? "not yet" : job.ended);
        for (const ItemFailure& failure : queue.failures(id, 0, kFailuresShown)) {
          fmt::print("  {}: {}\n", failure.item, failure.reason);
        }
        const JobLog log = queue.log(id, 0, kLinesShown);
        fmt::print("Log{}:\n", log.total > kLinesShown ? ", its newest lines" : "");
        for (auto line = log.rows.rbegin(); line != log.rows.rend(); ++line) {
          fmt::print("  {}  {}\n", line->time, line->text);
        }
      });
}

int run_job_cancel(std::span<const std::string> arguments) {
  return run_on_jobs("job cancel",
                     "Ends jobs; a running one at its next item. What is done stays done.",
                     arguments,
                     [](Queue& queue, JobId id) { queue.cancel(id); });
}

int run_job_retry(std::span<const std::string> arguments) {
  return run_on_jobs("job retry",
                     "Lets the server do failed items again, or what a cancelled job left.",
                     arguments,
                     [](Queue& queue, JobId id) { queue.retry(id); });
}

}  // namespace finview
