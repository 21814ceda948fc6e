# Every external library, found once. All are Debian 12 packages (scripts/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
if(FINVIEW_TESTS)
  find_package(GTest REQUIRED)
endif()
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(exif REQUIRED IMPORTED_TARGET libexif)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(webp REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)

# Debian's libsoci-dev brings no configuration for CMake. Its headers of the two databases include
# those of the databases themselves.
find_path(FINVIEW_SOCI_INCLUDE soci/soci.h REQUIRED)
add_library(finview_soci INTERFACE)
target_include_directories(finview_soci SYSTEM INTERFACE ${FINVIEW_SOCI_INCLUDE})
foreach(part core sqlite3 postgresql)
  find_library(FINVIEW_LIB_soci_${part} soci_${part} REQUIRED)
  target_link_libraries(finview_soci INTERFACE ${FINVIEW_LIB_soci_${part}})
endforeach()
target_link_libraries(finview_soci INTERFACE PkgConfig::sqlite3 PkgConfig::pq)

# Debian's OpenCVConfig.cmake comes with every module of OpenCV; these five are enough. Their headers
# warn in C++20 unless they are system headers.
find_path(OpenCV_INCLUDE_DIRS opencv2/core/mat.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(part core imgproc imgcodecs dnn features2d)
  add_library(finview_opencv_${part} INTERFACE)
  target_include_directories(finview_opencv_${part} SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
  find_library(FINVIEW_LIB_opencv_${part} opencv_${part} REQUIRED)
  target_link_libraries(finview_opencv_${part} INTERFACE ${FINVIEW_LIB_opencv_${part}})
endforeach()

# Debian's TorchConfig.cmake also asks for Caffe2's own dependencies; the three libraries are
# enough and keep configuring fast. Another LibTorch is chosen with -DFINVIEW_TORCH_DIR=<prefix>.
set(FINVIEW_TORCH_DIR "/usr" CACHE PATH "prefix of LibTorch: include/torch, lib/libtorch.so")
find_path(FINVIEW_TORCH_INCLUDE torch/csrc/api/include/torch/torch.h
  PATHS ${FINVIEW_TORCH_DIR}/include NO_DEFAULT_PATH REQUIRED)
add_library(finview_torch INTERFACE)
target_include_directories(finview_torch SYSTEM INTERFACE
  ${FINVIEW_TORCH_INCLUDE} ${FINVIEW_TORCH_INCLUDE}/torch/csrc/api/include)
foreach(library torch torch_cpu c10)
  find_library(FINVIEW_LIB_${library} ${library}
    PATHS ${FINVIEW_TORCH_DIR}/lib ${FINVIEW_TORCH_DIR}/lib/x86_64-linux-gnu
          ${FINVIEW_TORCH_DIR}/lib/${CMAKE_LIBRARY_ARCHITECTURE}
    NO_DEFAULT_PATH REQUIRED)
  target_link_libraries(finview_torch INTERFACE ${FINVIEW_LIB_${library}})
endforeach()
target_link_libraries(finview_torch INTERFACE Threads::Threads)
