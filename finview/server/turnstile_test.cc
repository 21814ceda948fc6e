#include "finview/server/turnstile.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

using namespace std::chrono_literals;

TEST(Turnstile, LetsAsManyInAsItHasPlacesInTheOrderTheyCame) {
  Turnstile turnstile(1, 10s);
  std::vector<int> order;  // written by who is in
  std::atomic<int> num_in{0};
  std::atomic<int> most_in{0};
  std::vector<std::thread> threads;
  {
    const Turnstile::Pass pass(turnstile);
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const Turnstile::Pass own(turnstile);
        most_in = std::max(most_in.load(), ++num_in);
        order.push_back(i);
        std::this_thread::sleep_for(1ms);
        --num_in;
      });
      std::this_thread::sleep_for(30ms);
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(most_in, 1);
}

TEST(Turnstile, WhoHasWaitedForLongGoesThroughAndFreesNoPlace) {
  Turnstile turnstile(1, 20ms);
  const Turnstile::Pass slow(turnstile);
  for (int i = 0; i < 2; ++i) {
    const auto began = std::chrono::steady_clock::now();
    const Turnstile::Pass impatient(turnstile);
    EXPECT_GE(std::chrono::steady_clock::now() - began, 20ms);
  }
}

}  // namespace
}  // namespace finview
