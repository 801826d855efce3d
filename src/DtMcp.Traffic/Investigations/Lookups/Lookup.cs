using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>An investigation that asks the appliance about itself and its devices, not about traffic.</summary>
public abstract record Lookup : Investigation
{
    internal abstract Task<Findings> FindAsync(LookupSources sources, int limit, CancellationToken cancellationToken);
}

/// <summary>Those who can be asked.</summary>
internal sealed record LookupSources(DeviceLookup Devices, FilterList Filters, ApplianceCheck Check);

/// <summary>Devices by a part of any name, an address, a MAC, a label, a tag.</summary>
public sealed record DeviceSearch(string? Text) : Lookup
{
    public override string Name => "find_devices";

    internal override IReadOnlyList<(string Name, string Value)> Arguments => Text is null ? [] : [("query", Text)];

    internal override Task<Findings> FindAsync(LookupSources sources, int limit, CancellationToken cancellationToken) =>
        sources.Devices.FindAsync(Text, limit, cancellationToken);
}

/// <summary>What one of the filters takes.</summary>
public sealed record FilterValueSearch(FilterKind Kind, string? Text) : Lookup
{
    public override string Name => "list_filter_values";

    internal override IReadOnlyList<(string Name, string Value)> Arguments =>
        Text is null ? [("kind", Kind.Word())] : [("query", Text), ("kind", Kind.Word())];

    internal override Task<Findings> FindAsync(LookupSources sources, int limit, CancellationToken cancellationToken) =>
        sources.Filters.ListAsync(Kind, Text, limit, cancellationToken);
}

/// <summary>Whether the appliance can be reached and what it allows.</summary>
public sealed record ApplianceReview : Lookup
{
    public override string Name => "check_appliance";

    internal override async Task<Findings> FindAsync(LookupSources sources, int limit, CancellationToken cancellationToken) =>
        (await sources.Check.RunAsync(cancellationToken).ConfigureAwait(false)).Findings;
}
