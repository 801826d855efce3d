using System.Numerics;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// About how many distinct things came by, in a few kilobytes whatever their number (Flajolet and others, 2007). Standard error
/// 1.04/sqrt(2^bits): 0.8 % at 14 bits (16 KiB), 1.6 % at 12 (4 KiB). Small numbers are counted by the registers still empty.
/// </summary>
internal sealed class HyperLogLog(int bits)
{
    private readonly byte[] _registers = new byte[1 << bits];

    /// <param name="hash">64 well-mixed bits of the thing.</param>
    public void Add(ulong hash)
    {
        ref var register = ref _registers[hash >> (64 - bits)];
        register = (byte)Math.Max(register, BitOperations.LeadingZeroCount((hash << bits) | (1UL << (bits - 1))) + 1);
    }

    /// <summary>Takes what another one of as many bits has seen.</summary>
    public void Add(HyperLogLog other)
    {
        for (var i = 0; i < _registers.Length; i++)
        {
            _registers[i] = Math.Max(_registers[i], other._registers[i]);
        }
    }

    public HyperLogLog Copy()
    {
        var copy = new HyperLogLog(bits);
        _registers.CopyTo(copy._registers, 0);
        return copy;
    }

    public long Estimate()
    {
        var size = (double)_registers.Length;
        var sum = 0.0;
        var empty = 0;
        foreach (var register in _registers)
        {
            sum += Math.ScaleB(1, -register);
            empty += register == 0 ? 1 : 0;
        }

        var raw = 0.7213 / (1 + (1.079 / size)) * size * size / sum;
        return (long)Math.Round(raw <= 2.5 * size && empty > 0 ? size * Math.Log(size / empty) : raw);
    }
}
