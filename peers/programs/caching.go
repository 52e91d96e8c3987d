// Reads secrets through AWS's caching client for Go; each line of input is a step, each line of output an answer.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-secretsmanager-caching-go/v2/secretcache"
	"github.com/aws/smithy-go"
)

type step struct {
	Get     string
	Refresh string
	Stage   string
}

func main() {
	fresh, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	client := secretsmanager.New(secretsmanager.Options{
		BaseEndpoint:     aws.String(os.Args[1]),
		Region:           "eu-west-1",
		RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "operator", SecretAccessKey: "simulated"}, nil
		}),
	})
	cache, err := secretcache.New(
		func(c *secretcache.Cache) { c.Client = client },
		func(c *secretcache.Cache) { c.CacheItemTTL = int64(time.Duration(fresh) * time.Second) },
	)
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked step
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		text, err := json.Marshal(answer(cache, asked))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}

func answer(cache *secretcache.Cache, asked step) any {
	value, err := read(cache, asked)
	var failure smithy.APIError
	if errors.As(err, &failure) {
		return map[string]string{"error": failure.ErrorCode()}
	}
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return value
}

func read(cache *secretcache.Cache, asked step) (any, error) {
	if asked.Refresh != "" {
		cache.RefreshNow(asked.Refresh)
		return true, nil
	}
	if asked.Stage != "" {
		return cache.GetSecretStringWithStage(asked.Get, asked.Stage)
	}
	return cache.GetSecretString(asked.Get)
}
