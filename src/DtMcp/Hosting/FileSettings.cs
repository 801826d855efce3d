namespace DtMcp.Hosting;

/// <summary>What <c>appsettings.json</c> says, by the names of the environment variables: for all, and for each appliance that it names.</summary>
internal sealed record FileSettings(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Appliances);
