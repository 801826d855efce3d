using DtMcp.History.Collecting;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Hours that were collected within a millisecond took their numbers by chance: of 450 two were the same in one run of ten, and the rows of
/// both stood under it.
/// </summary>
public sealed class PartNumbers_18
{
    [Fact]
    public void Hours_of_one_moment_have_numbers_of_their_own()
    {
        const long Now = 1_768_475_000_123;
        HashSet<ulong> numbers = [.. Enumerable.Range(0, 20_000).Select(_ => PartNumber.Next(Now))];
        Assert.Equal(20_000, numbers.Count);
        Assert.InRange(numbers.Min(), PartNumber.At(Now, 0), PartNumber.At(Now + 1, 0));
        Assert.InRange(numbers.Max(), PartNumber.At(Now, 0), PartNumber.At(Now + 1, 0) - 1);
    }
}
