using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Counting;

public class SumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_column_adds_up_as_its_values_do_one_by_one(int seed)
    {
        var random = new Random(seed);
        var full = 0;
        for (var i = 0; i < 300; i++)
        {
            // Sizes of any kind, now and then negative ones, and more of them than are added at once.
            var values = new long[random.Next(10) == 0 ? 70_000 : random.Next(40)];
            var bits = random.Next(1, 63);
            for (var k = 0; k < values.Length; k++)
            {
                values[k] = random.NextInt64(1L << bits) * (random.Next(200) == 0 ? -1 : 1);
            }

            var start = (Sum)random.NextInt64(1L << random.Next(1, 63));
            var expected = start;
            foreach (var value in values)
            {
                expected += value;
            }

            Assert.Equal(expected, start.Plus(values));
            full += expected == Sum.Most ? 1 : 0;
        }

        Assert.InRange(full, 1, 299);
    }
}
