#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace oidc::test {

inline HttpResponse json_reply(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json"}}, to_text(body)};
}

inline HttpResponse with_header(HttpResponse response, std::string name, std::string value) {
  response.headers.add(std::move(name), std::move(value));
  return response;
}

inline Error lost_reply() {
  Error error;
  error.code = Errc::kNetwork;
  error.message = "the connection was reset";
  error.definite = false;
  return error;
}

inline Error refused_connection() {
  return {Errc::kConnectFailed, "connection refused"};
}

/// A transport whose answers are queued. It notes each request and, if it has a clock, when it
/// came. A request without an answer, or an answer without a request, fails the test.
class FakeTransport final : public HttpTransport {
 public:
  using Answer = std::function<Result<HttpResponse>(const HttpRequest& request)>;

  explicit FakeTransport(const Clock* clock = nullptr) : clock_{clock} {}
  ~FakeTransport() override { EXPECT_TRUE(answers_.empty()) << answers_.size() << " answers were never asked for"; }

  void answer(Result<HttpResponse> response) {
    answer_with([response](const HttpRequest&) { return response; });
  }
  void answer_with(Answer answer) {
    const std::scoped_lock lock{mutex_};
    answers_.push_back(std::move(answer));
  }

  Result<HttpResponse> send(const HttpRequest& request) override {
    Answer answer;
    {
      const std::scoped_lock lock{mutex_};
      requests_.push_back(request);
      sent_at_.push_back(clock_ == nullptr ? Duration{} : clock_->steady_now());
      if (answers_.empty()) {
        ADD_FAILURE() << "unexpected request: " << request.method << " " << request.url;
        return Error{Errc::kUnknown, "no answer was queued"};
      }
      answer = std::move(answers_.front());
      answers_.pop_front();
    }
    return answer(request);
  }

  std::size_t count() const {
    const std::scoped_lock lock{mutex_};
    return requests_.size();
  }
  HttpRequest request(std::size_t index) const {
    const std::scoped_lock lock{mutex_};
    return requests_.at(index);
  }
  Form form(std::size_t index) const { return parse_form(request(index).body).value(); }
  /// Seconds between a request and the one before it.
  std::vector<double> gaps() const {
    const std::scoped_lock lock{mutex_};
    std::vector<double> seconds;
    for (std::size_t i = 1; i < sent_at_.size(); ++i) {
      seconds.push_back(std::chrono::duration<double>(sent_at_[i] - sent_at_[i - 1]).count());
    }
    return seconds;
  }

 private:
  const Clock* clock_;
  mutable std::mutex mutex_;
  std::deque<Answer> answers_;         // guarded by mutex_
  std::vector<HttpRequest> requests_;  // guarded by mutex_
  std::vector<Duration> sent_at_;      // guarded by mutex_; steady time
};

}  // namespace oidc::test
