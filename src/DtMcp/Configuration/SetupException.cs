namespace DtMcp.Configuration;

/// <summary>The program cannot start as it is set up. The message names the setting and what to do; never a secret.</summary>
internal sealed class SetupException(string message) : Exception(message);
