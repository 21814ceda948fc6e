#pragma once

#include "finview/pipeline/dataset.h"
#include "finview/pipeline/dataset_photos.h"

#include <filesystem>
#include <vector>

namespace finview {

/// Labels as YOLO and Darknet have them: for each photo `<folder>/<its path>.txt`, the photo's
/// extension replaced, or `<folder>/<stem>.txt`. Class names come from `obj.names`, `classes.txt`
/// or any other `*.names` there or one folder above; without, class 0 is "fin" and 1 is "class1".
///
/// Photos without a label file are not part of the result. Faults: lines that cannot be read, label
/// files of no photo, photos whose size cannot be read. Throws Error{kNotFound}.
Dataset read_yolo_dataset(const std::filesystem::path& folder,
                          const std::vector<DatasetPhotoFile>& photos);

/// Writes one label file per photo and `obj.names`, with folders as the photos have them. Outlines
/// and individuals have no place in this form.
///
/// Throws Error{kBadInput} that lists every photo whose size is not known, and photos that would
/// share a label file, as "a.jpg" and "a.png" do; nothing is written then.
void write_yolo_dataset(const Dataset& dataset, const std::filesystem::path& folder);

/// Where `write_yolo_dataset` puts the labels of a photo, relative to its folder.
std::filesystem::path yolo_label_name(const std::string& photo_file);

/// Class names, one a line.
std::string class_names_text(const Dataset& dataset);

}  // namespace finview
