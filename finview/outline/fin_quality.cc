#include "finview/outline/fin_quality.h"

namespace finview {

std::string to_string(QualityClass quality) {
  switch (quality) {
    case QualityClass::kPoor:
      return "poor";
    case QualityClass::kFair:
      return "fair";
    case QualityClass::kGood:
      return "good";
    case QualityClass::kExcellent:
      return "excellent";
  }
  return "";
}

QualityClass quality_class(const FinQuality& quality) {
  if (quality.overall >= 0.85) return QualityClass::kExcellent;
  if (quality.overall >= 0.7) return QualityClass::kGood;
  return quality.overall >= 0.5 ? QualityClass::kFair : QualityClass::kPoor;
}

}  // namespace finview
