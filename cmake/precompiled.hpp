#pragma once

// What most files include, read once (cmake/assay.cmake). No file relies on it: each includes what it needs.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oidc/base64url.hpp"
#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/openssl.hpp"
#include "oidc/result.hpp"
#include "oidc/url.hpp"
