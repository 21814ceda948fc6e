#pragma once

#include "finview/pipeline/cluster_fins.h"
#include "finview/pipeline/dataset.h"
#include "finview/pipeline/photo_batch.h"

#include <string>
#include <vector>

namespace finview {

/// Prints one row per fin; after 60 rows only how many more there are. `full_table` says where all
/// of them stand.
void print_answers(const BatchRun& run, const std::string& full_table);

/// Prints what was written where and how many photos gave no fin.
void print_outputs(const BatchRun& run, const BatchOptions& options);

/// Prints how many clusters there are and how they agree with the known individuals.
void print_clusters(const ClusterSummary& summary);

/// Prints what was left out of a data set's labels and why, at most 20 lines.
void print_dataset_faults(const Dataset& dataset);

/// Prints where new fins fall among clustered ones and how often votes are right.
void print_new_fins(const NewFinSummary& summary);

/// 0 if any photo could be read, else 2.
int batch_exit_code(const BatchRun& run);

}  // namespace finview
