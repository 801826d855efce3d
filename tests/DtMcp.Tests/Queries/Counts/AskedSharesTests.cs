using DtMcp.Traffic.Queries.Counts;

namespace DtMcp.Tests.Queries.Counts;

public sealed class AskedSharesTests
{
    [Fact]
    public void The_first_table_has_what_it_needs_and_the_others_share_the_rest() =>
        Assert.Equal([10, 5, 5], AskedShares.Of([(10, 2, false), (10, 2, false), (10, 2, false)]));

    [Fact]
    public void What_a_table_does_not_need_goes_to_the_others() =>
        Assert.Equal([3, 2, 10], AskedShares.Of([(3, 2, false), (2, 2, false), (10, 2, false)]));

    [Fact]
    public void A_table_in_order_of_bytes_is_asked_whole_or_like_the_others()
    {
        Assert.Equal([10, 2, 8], AskedShares.Of([(10, 2, false), (10, 2, false), (8, 2, true)]));
        Assert.Equal([20, 0], AskedShares.Of([(20, 2, true), (15, 2, true)]));
    }

    [Fact]
    public void Dear_rows_are_fewer() =>
        Assert.Equal([6, 8], AskedShares.Of([(6, 4, false), (10, 2, false)]));

    [Fact]
    public void No_tables_take_nothing() => Assert.Empty(AskedShares.Of([]));
}
