#include "finview/synthetic/calendar.h"

#include <chrono>

#include <fmt/format.h>

namespace finview::synthetic {

std::string Day::dashed() const { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }

std::string Day::compact() const { return fmt::format("{:02}{:02}{:02}", year % 100, month, day); }

std::string Day::time(int minute_of_day, int second) const {
  return fmt::format("{:04}:{:02}:{:02} {:02}:{:02}:{:02}",
                     year,
                     month,
                     day,
                     minute_of_day / 60 % 24,
                     minute_of_day % 60,
                     second);
}

Day day_of_year(int year, int index) {
  using namespace std::chrono;
  const year_month_day date = sys_days(std::chrono::year(year) / January / 1) + days(index);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

}  // namespace finview::synthetic
