#pragma once

#include "finview/catalogue/ids.h"
#include "finview/detection/detection.h"
#include "finview/match/candidate.h"
#include "finview/photo/photo.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finview {

/// A day's or a season's field work. Times are "2012-03-07" or "2012-03-07T14:05:09", UTC where a
/// computer's clock made them, the camera's clock where a photo did. Empty text = not known.
struct SurveyRecord {
  SurveyId id;
  std::string code;  ///< unique in the project
  std::string began;
  std::string ended;
  std::string platform;
  std::string effort;
  std::string notes;
};

/// One meeting with a group of animals; photos of one encounter are near-copies.
struct EncounterRecord {
  EncounterId id;
  std::string code;  ///< unique in the project
  SurveyId survey;
  std::string began;
  std::string ended;
  std::string place;
  std::optional<GpsPosition> position;
  std::string notes;
  std::int64_t num_photos = 0;  ///< counted, not stored
  std::int64_t num_fins = 0;    ///< counted, not stored
};

struct IndividualRecord {
  IndividualId id;
  std::string code;  ///< unique in the project but for case, accents and width
  std::string name;
  std::vector<std::string> aliases;
  std::string sex;        ///< "female", "male" or empty
  std::string age_class;  ///< "calf", "juvenile", "adult" or empty
  std::string marks;
  std::string notes;
  std::string created;
  IndividualId merged_into;  ///< set: the one its fins went to
  FinId best_left;           ///< chosen by a person, or by quality
  FinId best_right;
  std::int64_t num_fins = 0;        ///< counted, not stored
  std::int64_t num_encounters = 0;  ///< counted, not stored
  std::string first_seen;           ///< of its photos; counted, not stored
  std::string last_seen;            ///< of its photos; counted, not stored
};

enum class PhotoState {
  kWaiting,   ///< imported; its fins are still to be found
  kSearched,  ///< fins were looked for; it may show none
  kFailed     ///< it could not be searched; `failure` says why
};

struct PhotoRecord {
  PhotoId id;
  std::string sha256;  ///< of the bytes; unique in the project
  std::string name;    ///< the path as given, any alphabet
  std::int64_t size_bytes = 0;
  int width_px = 0;
  int height_px = 0;
  std::string taken;
  std::optional<GpsPosition> position;
  std::string camera;
  EncounterId encounter;
  PhotoState state = PhotoState::kWaiting;
  std::string failure;
  std::string added;
  std::string trashed;        ///< when it was put in the trash; empty = it is not there
  bool is_crop = false;       ///< the whole photo is one fin
  IndividualId labelled;      ///< whom it is said to show; its fin is confirmed once it is found
  std::string labelled_by;    ///< who says so
  std::int64_t num_fins = 0;  ///< counted, not stored
};

/// Where a person is with a fin.
enum class Review {
  kWaiting,      ///< nobody has decided
  kConfirmed,    ///< shows `individual`
  kProvisional,  ///< one person says so, the project asks for two
  kUnsure,       ///< a person looked and could not say
  kDiscarded     ///< no fin, or not to be identified
};

/// What the program says of a fin: the queue it waits in.
enum class Tier { kNone, kCertain, kLikely, kUnsure, kNobody };

struct FinRecord {
  FinId id;
  PhotoId photo;
  Detection box;            ///< pixels of the full upright photo
  std::string made_by;      ///< "detector:<id>" or the person who drew it
  std::string side;         ///< "left", "right" or empty
  double quality = 0;       ///< FinQuality::overall, [0, 1]
  std::string outline;      ///< JSON of contour and trailing edge in photo pixels; empty = none yet
  std::string outlined_by;  ///< empty for automatic ones
  IndividualId individual;
  Review review = Review::kWaiting;
  DecisionId last_decision;  ///< on this fin; 0 = none
  Tier tier = Tier::kNone;
  double p_new = 0;
  double probability = 0;  ///< of the first candidate
  IndividualId first_candidate;
  // Of other tables, for lists.
  std::string photo_name;
  std::string taken;
  EncounterId encounter;
  std::string individual_code;
  std::string first_candidate_code;
};

/// One individual that a fin may show, as it was computed.
struct StoredCandidate {
  IndividualId individual;
  std::string individual_code;
  double probability = 0;
  Testimony similarities = {};
  FinId best_fin;  ///< its fin most alike
};

}  // namespace finview
