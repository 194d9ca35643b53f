"""Names of adapters: several of the same name must be told apart."""

from app.engines.webgpu.adapters import identify


def info(device: str, backend: str, description: str) -> dict[str, str]:
    return {"device": device, "backend_type": backend, "description": description, "vendor": "v"}


def test_names_stay_short_until_two_collide() -> None:
    pipe = "llvmpipe (LLVM 15.0.6, 256 bits)"
    assert identify(
        [info(pipe, "Vulkan", "Mesa 22.3.6 (LLVM 15.0.6)"), info(pipe, "OpenGL", "4.5 Mesa 22.3.6")]
    ) == [
        ("llvmpipe-vulkan", "llvmpipe (Vulkan)"),
        ("llvmpipe-opengl", "llvmpipe (OpenGL)"),
    ]
    assert identify([info(pipe, "Vulkan", "Mesa 22.3.6"), info(pipe, "Vulkan", "Mesa 25.0.7-2~bpo12+1")]) == [
        ("llvmpipe-vulkan-mesa-22.3.6", "llvmpipe (Vulkan, Mesa 22.3.6)"),
        ("llvmpipe-vulkan-mesa-25.0.7", "llvmpipe (Vulkan, Mesa 25.0.7)"),
    ]


def test_twins_are_numbered() -> None:
    twin = info("NVIDIA H200", "Vulkan", "580.1")
    assert identify([twin, twin]) == [
        ("nvidia-h200-vulkan-580.1", "NVIDIA H200 (Vulkan, 580.1)"),
        ("nvidia-h200-vulkan-580.1-2", "NVIDIA H200 (Vulkan, 580.1) #2"),
    ]
