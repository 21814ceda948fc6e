#include "finview/pipeline/dataset_convert.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/dataset_coco.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_via.h"
#include "finview/pipeline/dataset_yolo.h"

#include <filesystem>

namespace finview {

Dataset convert_dataset(const DatasetSource& source,
                        const std::string& to,
                        const std::string& out,
                        Progress& progress,
                        const CancelToken& cancel) {
  namespace fs = std::filesystem;
  if (fs::weakly_canonical(source.labels) == fs::weakly_canonical(out)) {
    throw Error(ErrorKind::kBadOptions,
                out + " is the labels themselves, which are never changed; choose another --out.");
  }
  std::vector<DatasetPhotoFile> photos;
  if (!source.photos.empty()) {
    photos = scan_photos(source.photos, source.recursive, /*sketches=*/false, progress, cancel);
  }
  Dataset dataset = read_dataset(source, photos);
  if (cancel.cancelled()) return dataset;
  if (to == "yolo") {
    write_yolo_dataset(dataset, out);
  } else if (to == "via") {
    write_file(out, via_text(dataset));
  } else if (to == "coco") {
    write_file(out, coco_text(dataset));
  } else {
    write_file(out, dataset_csv_text(dataset));
  }
  return dataset;
}

}  // namespace finview
