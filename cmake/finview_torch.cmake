# finview_torch: LibTorch, Debian's or another one (-DFINVIEW_TORCH_DIR=<prefix>), on its own so that
# gpu/ needs nothing else. Debian's TorchConfig.cmake also asks for Caffe2's own dependencies; these
# libraries are enough and keep configuring fast.
set(FINVIEW_TORCH_DIR "/usr" CACHE PATH "prefix of LibTorch: include/torch, lib/libtorch.so")
find_path(FINVIEW_TORCH_INCLUDE torch/csrc/api/include/torch/torch.h
  PATHS ${FINVIEW_TORCH_DIR}/include NO_DEFAULT_PATH REQUIRED)
add_library(finview_torch INTERFACE)
target_include_directories(finview_torch SYSTEM INTERFACE
  ${FINVIEW_TORCH_INCLUDE} ${FINVIEW_TORCH_INCLUDE}/torch/csrc/api/include)
set(FINVIEW_TORCH_LIBS ${FINVIEW_TORCH_DIR}/lib ${FINVIEW_TORCH_DIR}/lib/x86_64-linux-gnu
  ${FINVIEW_TORCH_DIR}/lib/${CMAKE_LIBRARY_ARCHITECTURE})
foreach(library torch torch_cpu c10)
  find_library(FINVIEW_LIB_${library} ${library}
    PATHS ${FINVIEW_TORCH_LIBS} NO_DEFAULT_PATH REQUIRED)
  target_link_libraries(finview_torch INTERFACE ${FINVIEW_LIB_${library}})
endforeach()
# Nothing calls the part for GPUs by name: it makes itself known when it is loaded.
find_library(FINVIEW_LIB_torch_cuda torch_cuda PATHS ${FINVIEW_TORCH_LIBS} NO_DEFAULT_PATH)
if(FINVIEW_LIB_torch_cuda)
  target_link_libraries(finview_torch INTERFACE
    -Wl,--no-as-needed ${FINVIEW_LIB_torch_cuda} -Wl,--as-needed)
endif()
target_link_libraries(finview_torch INTERFACE Threads::Threads)
