using System.Buffers;
using System.Diagnostics;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>Buffers for bytes: the pool's, but those grown for one huge value are not left in it, where they would stay for ever.</summary>
internal static class Buffers
{
    /// <summary>The shared pool keeps arrays up to this size by each thread; larger ones would stay for ever.</summary>
    private const int LargestPooled = 512 * 1024;

    public static byte[] Rent(int bytes) =>
        bytes > LargestPooled ? GC.AllocateUninitializedArray<byte>(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    public static void Return(byte[] buffer)
    {
        Spoil(buffer);
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Debug builds only: who still reads what was given back reads no JSON.
    [Conditional("DEBUG")]
    private static void Spoil(byte[] buffer) => Array.Fill(buffer, (byte)0xFF);
}
