#pragma once

#include "finview/base/options_json.h"
#include "finview/jobs/job_context.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace finview {

/// One kind of job: what it is for and how it is done.
struct JobKind {
  std::string name;
  std::string help;
  bool takes_input = false;  ///< uploads and files
  bool is_heavy = false;     ///< uses all cores: one at a time
  /// Adds fields and usual values of the options; see describe_options.
  std::function<void(nlohmann::json& fields, nlohmann::json& values)> describe = {};
  /// Throws Error{kBadOptions} that lists every fault.
  std::function<void(const std::string& options)> check = {};
  /// Does it and gives the result as a JSON object. Returns early when cancelled. Running it again
  /// does what is left. Throws Error if the job as a whole cannot be done.
  std::function<std::string(JobContext&)> run = {};
};

/// A kind without options.
struct NoOptions {
  void visit(OptionVisitor&) {}
};

/// Every kind of job that can be done here.
class JobKinds {
 public:
  /// `kind` has name, help and flags; `work` gets the options of the job, checked.
  template <class Options>
  void add(JobKind kind, std::function<std::string(const Options&, JobContext&)> work) {
    kind.describe = [](nlohmann::json& fields, nlohmann::json& values) {
      describe_options(Options(), fields, values);
    };
    kind.check = [](const std::string& options) {
      Options read;
      read_options(read, options);
    };
    kind.run = [work = std::move(work)](JobContext& context) {
      Options options;
      read_options(options, context.wish().options);
      return work(options, context);
    };
    kinds_.insert_or_assign(kind.name, std::move(kind));
  }

  /// Throws Error{kBadOptions} that lists the kinds.
  const JobKind& get(const std::string& name) const;
  const std::map<std::string, JobKind>& all() const { return kinds_; }

  /// Throws Error{kBadOptions} that lists every fault of a wish: kind, input, options, priority,
  /// what is to follow.
  void check(const NewJob& job) const;

 private:
  std::map<std::string, JobKind> kinds_;
};

}  // namespace finview
