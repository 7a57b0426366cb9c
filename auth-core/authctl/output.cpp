#include "output.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "oidc/clean_text.hpp"

namespace authctl {
namespace {

using oidc::Errc;

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

// The first kind that fits counts; what fits none was refused.
constexpr std::array<std::pair<Errc, int>, 12> kMeanings{{
    {Errc::kCancelled, kCancelled},
    {Errc::kInvalidArgument, kUsage},
    {Errc::kBadInput, kUsage},
    {Errc::kConfig, kUsage},
    {Errc::kUnsupportedByClient, kUsage},
    {Errc::kStorage, kStorage},
    {Errc::kNetwork, kUnreachable},
    {Errc::kResponseTooLarge, kUnreachable},
    {Errc::kRateLimited, kUnreachable},
    {Errc::kServerError, kUnreachable},
    {Errc::kMalformedResponse, kUnreachable},
    {Errc::kIssuerMismatch, kUnreachable},
}};

oidc::Json as_json(const oidc::Error& error) {
  oidc::Json described{{"code", oidc::to_string(error.code)}, {"message", error.message}};
  if (!error.oauth_error.empty()) {
    described["oauth_error"] = error.oauth_error;
  }
  if (error.http_status != 0) {
    described["http_status"] = error.http_status;
  }
  if (error.retry_after.count() > 0) {
    described["retry_after_s"] = std::chrono::ceil<std::chrono::seconds>(error.retry_after).count();
  }
  oidc::Json whole = oidc::Json::object();
  whole["error"] = std::move(described);
  return whole;
}

}  // namespace

int exit_code_of(const oidc::Error& error) {
  // A status without a word of OAuth, as of a wrong path, is no answer to what was asked.
  if (error.code == Errc::kServer && error.http_status != kUnauthorized && error.http_status != kForbidden) {
    return kUnreachable;
  }
  for (const auto& [kind, code] : kMeanings) {
    if (oidc::is_kind_of(error.code, kind)) {
      return code;
    }
  }
  return kRefused;
}

void fail(Context& context, oidc::Error error) {
  if (error.code == Errc::kStorage && context.any_owner_helps && context.any_owner_helps()) {
    error.message += "; --any-owner uses it all the same";
  }
  context.exit_code = exit_code_of(error);
  if (context.as_json) {
    print(context, as_json(error), "");
    return;
  }
  note("authctl: " + error.message);
  if (oidc::is_kind_of(error.code, Errc::kReauthRequired) && !context.logs_in_by_itself) {
    note("Run `authctl login` with the same client options.");
  }
  if (error.code == Errc::kCorruptStorage && context.client.store == "file") {
    note("`authctl login` replaces it, `authctl logout` removes it.");
  }
}

void print(const Context& context, const oidc::Json& result, const std::string& text) {
  oidc::say(stdout, (context.as_json ? oidc::to_text(result) : text) + "\n");
}

void note(const std::string& text) {
  oidc::say(stderr, text + "\n");
}

oidc::Json summary(const authcore::Credential& credential) {
  oidc::Json told{{"has_access_token", credential.access_token().has_value()},
                  {"has_refresh_token", credential.refresh_token().has_value()},
                  {"has_id_token", credential.id_token().has_value()}};
  told["expires_at"] =
      credential.expires_at() ? oidc::Json(oidc::format_iso8601(*credential.expires_at())) : oidc::Json();
  told["scope"] = oidc::string_member(credential.json(), "scope").value_or("");
  return told;
}

std::string expiry_text(const authcore::Credential& credential) {
  return credential.expires_at() ? "expires " + oidc::format_iso8601(*credential.expires_at()) : "does not expire";
}

}  // namespace authctl
