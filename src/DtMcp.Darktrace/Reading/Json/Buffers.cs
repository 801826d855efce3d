using System.Buffers;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>Buffers for bytes: the pool's, but those grown for one huge value are not left in it, where they would stay for ever.</summary>
internal static class Buffers
{
    private const int LargestPooled = 1024 * 1024;

    public static byte[] Rent(int bytes) =>
        bytes > LargestPooled ? GC.AllocateUninitializedArray<byte>(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    public static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
