//===- Isolation.cpp - Tasks in processes of their own --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Isolation.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace edgec;
using namespace llvm;

namespace {

using Clock = std::chrono::steady_clock;

/// A child process that writes its result into a pipe.
struct Child {
  size_t index = 0;
  pid_t pid = 0;
  int pipe = -1;
  Clock::time_point start;
  std::string text;
};

[[noreturn]] void runInChild(int pipe, const std::string &text) {
  for (size_t written = 0; written < text.size();) {
    ssize_t count = write(pipe, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR)
      _exit(1);
    written += std::max<ssize_t>(count, 0);
  }
  // Not exit(): buffers and handlers are copies of the parent's.
  _exit(0);
}

Expected<Child> start(size_t index, const IsolationOptions &options,
                      function_ref<std::string(size_t)> task) {
  int ends[2];
  if (pipe(ends) != 0)
    return errorCodeToError(std::error_code(errno, std::generic_category()));
  outs().flush(); // Or the child would have a copy of what is buffered.
  pid_t pid = fork();
  if (pid < 0) {
    int number = errno;
    close(ends[0]);
    close(ends[1]);
    return errorCodeToError(std::error_code(number, std::generic_category()));
  }
  if (pid == 0) {
    close(ends[0]);
    int nowhere = options.keepStandardError ? -1 : open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
      dup2(nowhere, STDERR_FILENO);
    runInChild(ends[1], task(index));
  }
  close(ends[1]);
  return Child{index, pid, ends[0], Clock::now(), ""};
}

IsolatedResult finish(Child &child, bool timedOut,
                      const IsolationOptions &options) {
  if (timedOut)
    kill(child.pid, SIGKILL);
  close(child.pipe);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (timedOut)
    return {false,
            fmt::format("took longer than {} s", options.timeout.count())};
  if (WIFSIGNALED(status))
    return {false, fmt::format("crashed: {}", strsignal(WTERMSIG(status)))};
  if (WEXITSTATUS(status) != 0)
    return {false, fmt::format("exited with code {}", WEXITSTATUS(status))};
  return {true, std::move(child.text)};
}

class Scheduler {
public:
  Scheduler(size_t count, const IsolationOptions &options,
            function_ref<std::string(size_t)> task,
            function_ref<void(size_t, IsolatedResult)> done)
      : options(options), task(task), done(done), results(count) {}

  Error run() {
    while (reported < results.size()) {
      while (started < results.size() && children.size() < options.jobs) {
        Expected<Child> child = start(started, options, task);
        if (!child)
          return child.takeError();
        ++started;
        children.push_back(std::move(*child));
      }
      waitForSome();
      while (reported < results.size() && results[reported]) {
        done(reported, std::move(*results[reported]));
        ++reported;
      }
    }
    return Error::success();
  }

private:
  void waitForSome() {
    constexpr int pollMilliseconds = 100; // How late a timeout may be seen.
    std::vector<pollfd> polls;
    for (const Child &child : children)
      polls.push_back({child.pipe, POLLIN, 0});
    poll(polls.data(), polls.size(), pollMilliseconds);
    std::vector<Child> running;
    for (size_t i = 0; i < children.size(); ++i) {
      Child &child = children[i];
      bool ended = polls[i].revents != 0 && !readSome(child);
      bool timedOut = !ended && Clock::now() - child.start > options.timeout;
      if (ended || timedOut)
        results[child.index] = finish(child, timedOut, options);
      else
        running.push_back(std::move(child));
    }
    children = std::move(running);
  }

  /// False at the end of the child's output.
  static bool readSome(Child &child) {
    char buffer[4096];
    ssize_t count = read(child.pipe, buffer, sizeof(buffer));
    if (count > 0)
      child.text.append(buffer, count);
    return count > 0 || (count < 0 && errno == EINTR);
  }

  const IsolationOptions &options;
  function_ref<std::string(size_t)> task;
  function_ref<void(size_t, IsolatedResult)> done;
  std::vector<std::optional<IsolatedResult>> results;
  std::vector<Child> children;
  size_t started = 0, reported = 0;
};

} // namespace

Error edgec::runIsolated(size_t count, const IsolationOptions &options,
                         function_ref<std::string(size_t)> task,
                         function_ref<void(size_t, IsolatedResult)> done) {
  return Scheduler(count, options, task, done).run();
}
