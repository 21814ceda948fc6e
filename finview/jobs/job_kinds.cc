#include "finview/jobs/job_kinds.h"

#include "finview/base/error.h"

#include <fmt/format.h>

namespace finview {

const JobKind& JobKinds::get(const std::string& name) const {
  const auto found = kinds_.find(name);
  if (found != kinds_.end()) return found->second;
  std::string names;
  for (const auto& [known, kind] : kinds_) names += (names.empty() ? "" : ", ") + known;
  throw Error(ErrorKind::kBadOptions,
              fmt::format("There is no kind of task \"{}\"; there are {}.", name, names));
}

void JobKinds::check(const NewJob& job) const {
  Faults faults;
  const auto gather = [&](const auto& look) {
    try {
      look();
    } catch (const Error& error) {
      faults.add(error.what());
    }
  };
  gather([&] {
    const JobKind& kind = get(job.kind);
    const bool has_input = !job.uploads.empty() || !job.files.empty();
    if (has_input && !kind.takes_input) {
      faults.add(fmt::format("A task of kind {} takes no uploads and no files.", job.kind));
    }
    if (!has_input && kind.takes_input) {
      faults.add(fmt::format("A task of kind {} needs uploads or files.", job.kind));
    }
    kind.check(job.options);
  });
  for (const std::string& next : job.then) {
    gather([&] {
      if (get(next).takes_input) {
        faults.add(fmt::format("{} cannot follow: it needs input of its own.", next));
      }
    });
  }
  if (job.priority < -100 || job.priority > 100) {
    faults.add(fmt::format("The priority is {}; it must be from -100 to 100.", job.priority));
  }
  faults.throw_if_any(ErrorKind::kBadOptions);
}

}  // namespace finview
