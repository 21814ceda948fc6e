#pragma once

#include "finview/base/progress.h"
#include "finview/catalogue/catalogue.h"
#include "finview/pipeline/sighting_row.h"

#include <string>
#include <vector>

namespace finview {

/// Takes rows of another program into a catalogue that has their photos (found by name, or by the
/// last part of it if only one photo has that): encounters, surveys, individuals, and whom
/// each photo shows.
///
/// A photo of one individual is labelled with it, or confirmed where its only fin is known already;
/// one of several individuals waits for a person. Photos that are not there, and rows that cannot
/// be, are told to `progress` and left out. Calling it again changes nothing. Returns how many
/// photos it took up.
std::int64_t import_sightings(Catalogue& catalogue,
                              const std::vector<SightingRow>& rows,
                              const std::string& who,
                              Progress& progress);

}  // namespace finview
