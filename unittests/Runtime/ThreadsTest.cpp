//===- ThreadsTest.cpp - The thread pool ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec_threads.h"
#include "gtest/gtest.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace {

struct Destroy {
  void operator()(edgec_threads *pool) const { edgec_threads_destroy(pool); }
};
using Pool = std::unique_ptr<edgec_threads, Destroy>;

Pool makePool(size_t threads) {
  edgec_threads *pool = nullptr;
  EXPECT_EQ(edgec_threads_create(&pool, threads), 0);
  return Pool(pool);
}

/// Who did each part, and how often.
struct Record {
  explicit Record(size_t parts) : thread(parts), times(parts) {}
  std::vector<std::thread::id> thread;
  std::vector<int> times;

  static void task(void *data, size_t part) {
    auto *self = static_cast<Record *>(data);
    self->thread[part] = std::this_thread::get_id();
    ++self->times[part];
  }
};

TEST(Threads, EveryPartIsDoneOnce) {
  for (size_t threads : {1, 2, 3, 5}) {
    Pool pool = makePool(threads);
    for (size_t parts : {0, 1, 2, 3, 4, 5, 17}) {
      Record record(parts);
      edgec_threads_for(pool.get(), parts, Record::task, &record);
      for (int times : record.times)
        EXPECT_EQ(times, 1) << threads << " threads, " << parts << " parts";
    }
  }
}

TEST(Threads, PartsStayWithTheirThread) {
  Pool pool = makePool(3);
  Record first(7), second(7);
  edgec_threads_for(pool.get(), 7, Record::task, &first);
  edgec_threads_for(pool.get(), 7, Record::task, &second);
  EXPECT_EQ(first.thread, second.thread);
  EXPECT_EQ(first.thread[0], std::this_thread::get_id());
  EXPECT_EQ(first.thread[0], first.thread[3]);
  EXPECT_NE(first.thread[0], first.thread[1]);
  EXPECT_NE(first.thread[1], first.thread[2]);
}

TEST(Threads, SleepingThreadsWakeUp) {
  Pool pool = makePool(4);
  for (int round = 0; round < 5; ++round) {
    // Longer than they spin.
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    Record record(4);
    edgec_threads_for(pool.get(), 4, Record::task, &record);
    EXPECT_EQ(record.times, std::vector<int>(4, 1));
  }
}

TEST(Threads, CallerWaitsForSlowParts) {
  Pool pool = makePool(2);
  std::atomic<int> done{0};
  edgec_threads_for(
      pool.get(), 2,
      [](void *data, size_t part) {
        // The worker outlasts the time for which the caller spins.
        if (part == 1)
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        ++*static_cast<std::atomic<int> *>(data);
      },
      &done);
  EXPECT_EQ(done, 2);
}

TEST(Threads, NestedCallsRunWhereTheyAre) {
  struct Nested {
    edgec_threads *pool;
    std::atomic<int> done{0};
  };
  Pool pool = makePool(3);
  Nested nested{pool.get()};
  edgec_threads_for(
      pool.get(), 3,
      [](void *data, size_t) {
        edgec_threads_for(
            static_cast<Nested *>(data)->pool, 4,
            [](void *inner, size_t) { ++static_cast<Nested *>(inner)->done; },
            data);
      },
      &nested);
  EXPECT_EQ(nested.done, 12);
}

TEST(Threads, SeveralCallersShareAPool) {
  Pool pool = makePool(2);
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        Record record(5);
        edgec_threads_for(pool.get(), 5, Record::task, &record);
        wrong += record.times != std::vector<int>(5, 1);
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Threads, ErrorsAreReturned) {
  edgec_threads *pool = nullptr;
  EXPECT_EQ(edgec_threads_create(&pool, 0), EINVAL);
  EXPECT_EQ(pool, nullptr);
  EXPECT_EQ(edgec_threads_create(&pool, SIZE_MAX), ENOMEM);
  EXPECT_EQ(pool, nullptr);
  edgec_threads_destroy(nullptr);
}

TEST(Threads, LendsItselfToAContext) {
  Pool pool = makePool(3);
  edgec_context context = {};
  context.struct_size = sizeof(context);
  edgec_threads_lend(pool.get(), &context);
  EXPECT_EQ(context.threads, 3u);
  Record record(context.threads);
  context.parallel_for(context.pool, context.threads, Record::task, &record);
  EXPECT_EQ(std::accumulate(record.times.begin(), record.times.end(), 0), 3);
}

} // namespace
