namespace DtMcp.Simulator.Records.Exports;

/// <summary>Parquet's hybrid of runs and packed numbers.</summary>
internal static class HybridReader
{
    /// <param name="bytes">Runs, one after the other.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="width">Bits of each, 0 to 32.</param>
    public static int[] Read(ReadOnlySpan<byte> bytes, int count, int width)
    {
        if (width > 32)
        {
            throw new InvalidDataException("packed numbers have more than 32 bits");
        }

        var numbers = new int[count];
        for (var (at, done) = (0, 0); done < count;)
        {
            var head = ThriftTree.Variable(bytes, ref at);
            if ((head & 1) == 0)
            {
                var value = 0;
                for (var i = 0; i < (width + 7) / 8; i++)
                {
                    value |= bytes[at++] << (8 * i);
                }

                var run = (int)Math.Min(head >> 1, (ulong)(count - done));
                numbers.AsSpan(done, run).Fill(run > 0 ? value : throw new InvalidDataException("a run is empty"));
                done += run;
                continue;
            }

            var packed = checked((int)(head >> 1) * 8);
            for (var i = 0; i < packed && done < count; i++)
            {
                numbers[done++] = Bits(bytes, ((long)at * 8) + ((long)i * width), width);
            }

            at += packed / 8 * width;
        }

        return numbers;
    }

    private static int Bits(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        var value = 0;
        for (var i = 0; i < width; i++, bit++)
        {
            value |= ((bytes[(int)(bit / 8)] >> (int)(bit % 8)) & 1) << i;
        }

        return value;
    }
}
