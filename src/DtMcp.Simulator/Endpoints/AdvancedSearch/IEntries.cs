using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// Entries of one <c>@type</c> as searches and counts see them, numbered from 0. Connections are one such set; another type is another
/// implementation, named in <see cref="SearchTypes"/>.
/// </summary>
internal interface IEntries
{
    /// <summary>What <c>@type</c> says.</summary>
    string Type { get; }

    int Count { get; }

    /// <summary>Entries behind the second probe, which may fall silent.</summary>
    RowBits OfSecondProbe { get; }

    /// <summary>
    /// Entries whose field has this value; in a pattern <c>*</c> and <c>?</c> stand for anything and for one letter, a lone <c>*</c> for
    /// any value at all. An unknown field matches nothing.
    /// </summary>
    RowBits Is(string field, string value, bool isPattern);

    /// <summary>Entries whose field is in a range; <c>*</c> is an open end.</summary>
    RowBits IsIn(string field, string low, string high, bool lowInclusive, bool highInclusive);

    /// <summary>The entries of a condition, found once as long as they are asked for: searches repeat their parts.</summary>
    RowBits Keep(string key, Func<RowBits> find);

    /// <summary>The field as values that can be counted; null for a field that no entry has.</summary>
    FieldValues? Values(string field);

    /// <summary>The field as numbers, NaN where an entry has none; null for a field that is no number.</summary>
    Func<int, double>? Numbers(string field);

    /// <summary>The places, in order of insertion, of what was put into the index in a window of milliseconds, ends inclusive.</summary>
    (int First, int End) Inserted(long fromMs, long toMs);

    /// <summary>The entries at such places.</summary>
    RowBits Inserted(int first, int end);

    /// <summary>When an entry was put into the index, milliseconds since 1970, a whole second.</summary>
    long InsertedMs(int entry);

    /// <summary>The entries of a set in order of their insertion.</summary>
    int[] InOrder(RowBits selected);

    /// <summary>Writes entries as hits of a search; for one answer.</summary>
    Action<Utf8JsonWriter, int> Writer();
}

/// <summary>A field whose values are numbered: the number of each entry's value, -1 for none, and what a number stands for.</summary>
/// <param name="Count">How many values there may be.</param>
/// <param name="Of">The number of an entry's value.</param>
/// <param name="Text">The value, as a bucket's key.</param>
/// <param name="IsNumber">Whether keys are numbers in JSON.</param>
internal sealed record FieldValues(int Count, Func<int, int> Of, Func<int, string> Text, bool IsNumber);
