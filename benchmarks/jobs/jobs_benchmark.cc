// How fast the embedded queue takes and drains jobs that do nothing.
//   jobs_benchmark [NUM_JOBS] [THREADS]

#include "finview/jobs/workers.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const int num_jobs = argc > 1 ? std::atoi(argv[1]) : 100000;
  const int num_threads = argc > 2 ? std::atoi(argv[2]) : 2;
  const auto folder = std::filesystem::temp_directory_path() / "finview_jobs_benchmark";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    finview::Queue queue(folder / "jobs.db");
    finview::JobKinds kinds;
    kinds.add<finview::NoOptions>(
        {.name = "nothing", .help = "Does nothing"},
        [](const finview::NoOptions&, finview::JobContext&) { return std::string("{}"); });
    finview::NewJob job;
    job.kind = "nothing";
    const auto began = std::chrono::steady_clock::now();
    queue.add(std::vector(num_jobs, job));
    const double added = seconds_since(began);
    const auto drain_began = std::chrono::steady_clock::now();
    const finview::Workers workers(queue, kinds, {.num_light_threads = num_threads});
    while (queue.list({.states = {finview::JobState::kDone}, .kind = "", .limit = 1}).total <
           num_jobs) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const double drained = seconds_since(drain_began);
    fmt::print("{} jobs: added {:.0f}/s, drained {:.0f}/s with {} threads, both {:.0f}/s\n",
               num_jobs,
               num_jobs / added,
               num_jobs / drained,
               num_threads,
               num_jobs / (added + drained));
  }
  std::filesystem::remove_all(folder);
}
