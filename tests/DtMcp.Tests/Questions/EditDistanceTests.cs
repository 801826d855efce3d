using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Questions;

/// <summary>How far one name is from another.</summary>
public class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "port", 4)]
    [InlineData("port", "", 4)]
    [InlineData("port", "port", 0)]
    [InlineData("port", "ports", 1)]
    [InlineData("port", "sort", 1)]
    [InlineData("prot", "port", 1)]
    [InlineData("tpc", "tcp", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Port", "port", 1)]
    public void Letters_are_inserted_deleted_replaced_and_swapped(string left, string right, int edits)
    {
        Assert.Equal(edits, EditDistance.Of(left, right));
        Assert.Equal(edits, EditDistance.Of(right, left));
    }

    [Fact]
    public void Letters_past_the_most_compared_do_not_count() =>
        Assert.Equal(0, EditDistance.Of(new string('a', 5000), new string('a', EditDistance.MaxLetters) + "bc"));
}
