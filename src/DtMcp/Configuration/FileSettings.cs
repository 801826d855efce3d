namespace DtMcp.Configuration;

/// <summary>
/// What <c>appsettings.json</c> says, by the names of the environment variables: for all, and for each appliance that it names.
/// </summary>
internal sealed record FileSettings(IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Appliances)
{
    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a token stands in it, not only the name of its file.</summary>
    public bool HoldsSecret => Appliances.Values.Prepend(Values).Any(values =>
        OptionCatalog.All.Any(option => option.HasFile && values.ContainsKey(option.Name)));
}
